"""Who else is told, before it ends, that somebody's right ends: the school's own address; other rooms add whom they know, a sponsor."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ecritoire.directory.models import EmailAddress, Person
from ecritoire.directory.selectors import not_over

Witness = Callable[[Person], Iterable[str]]
_witnesses: list[Witness] = []


def register_witness(witness: Witness) -> None:
    """Called from a room's ``AppConfig.ready``; answers with addresses."""
    _witnesses.append(witness)


def witnesses_of(person: Person) -> list[str]:
    return list(dict.fromkeys(address for witness in (schools_of, *_witnesses) for address in witness(person)))


def schools_of(person: Person) -> list[str]:
    """``ce.<uai>`` of where the person works today, as far as these mailboxes exist."""
    current = person.assignments.filter(not_over())
    codes = [code.lower() for code in current.values_list("structure__uai", flat=True)]
    wanted = [f"ce.{code}@{person.organisation.mail_domain}" for code in codes]
    found = EmailAddress.objects.filter(address__in=wanted, retired_at__isnull=True) if wanted else []
    return sorted(row.address for row in found)
