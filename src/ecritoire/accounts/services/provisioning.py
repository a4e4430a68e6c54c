"""An account for everyone who is given an assignment."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.hashers import make_password

from ecritoire.accounts.models import Account
from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import EmailAddress, Person

BATCH = 1000


def accounts_provision(*, people: Sequence[Person], acting_user: Actor | None) -> list[Account]:
    """Make the accounts that are missing among ``people``, without a password yet; returns those made.

    Three queries and one audit event for each thousand people.
    """
    made: list[Account] = []
    for start in range(0, len(people), BATCH):
        made += _provision(people[start : start + BATCH], acting_user)
    return made


def _provision(people: Sequence[Person], acting_user: Actor | None) -> list[Account]:
    addresses = EmailAddress.objects.filter(person__in=people, is_primary=True, retired_at__isnull=True)
    missing = addresses.filter(person__account__isnull=True).values_list("person_id", "address")
    unusable = make_password(None)
    accounts = [Account(person_id=person, login=address, password=unusable) for person, address in missing]
    if accounts:
        Account.objects.bulk_create(accounts)
        logins = [account.login for account in accounts]
        audit_record(
            acting_user=acting_user, action="account.provision", target=f"{len(logins)} comptes", logins=logins
        )
    return accounts
