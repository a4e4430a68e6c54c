"""Addresses: given once, never to anybody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from ecritoire.common.services import audit_record
from ecritoire.directory.addresses import local_part, numbered
from ecritoire.directory.models import EmailAddress, Person

ALLOCATION_LOCK = 0x61647265  # an advisory lock of ours: two feeds must not give the same number


def addresses_allocate(*, people: Sequence[Person]) -> list[EmailAddress]:
    """Give a primary address to each of ``people`` who has none, in the given order. Three queries in all."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ALLOCATION_LOCK])
        ids = [person.pk for person in people]
        served = set(EmailAddress.objects.filter(person__in=ids, is_primary=True).values_list("person_id", flat=True))
        waiting = [person for person in people if person.pk not in served]
        if not waiting:
            return []
        taken = _taken({local_part(person.given_name, person.family_name) for person in waiting})
        return EmailAddress.objects.bulk_create([_first_free(person, taken) for person in waiting])


def _taken(bases: Iterable[str]) -> set[str]:
    """Every address ever given that starts like one of ``bases``, retired ones too."""
    alternatives = "|".join(sorted(base.replace(".", r"\.") for base in bases))
    pattern = rf"^({alternatives})[0-9]*@"
    return set(EmailAddress.objects.filter(address__regex=pattern).values_list("address", flat=True))


def _first_free(person: Person, taken: set[str]) -> EmailAddress:
    base, rank = local_part(person.given_name, person.family_name), 1
    domain = person.organisation.mail_domain
    while (address := f"{numbered(base, rank)}@{domain}") in taken:
        rank += 1
    taken.add(address)
    return EmailAddress(person=person, address=address)


def aliases_retire(*, today: dt.date) -> list[EmailAddress]:
    """Addresses kept after a change of name whose time is over: they refuse mail from now on, and stay nobody else's."""
    with transaction.atomic():
        over = EmailAddress.objects.select_for_update().filter(is_primary=False, retired_at__isnull=True)
        rows = list(over.filter(kept_until__lt=today).order_by("pk"))
        EmailAddress.objects.filter(pk__in=[row.pk for row in rows]).update(retired_at=timezone.now())
        for row in rows:
            detail: dict[str, Any] = {"person": row.person_id, "kept_until": str(row.kept_until)}
            audit_record(acting_user=None, action="address.retire", target=row.address, **detail)
    return rows
