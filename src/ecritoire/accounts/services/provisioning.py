"""An account for everyone who is given an assignment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from ecritoire.accounts.lifecycle import Event, State
from ecritoire.accounts.models import Account, AccountTransition
from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import EmailAddress, Person

BATCH = 1000
ANNOUNCED, PROVISIONED = State.ANNOUNCED, State.PROVISIONED


def accounts_provision(*, people: Sequence[Person], acting_user: Actor | None) -> list[Account]:
    """Make the accounts that are missing among ``people``, without a password yet; returns those made.

    Three queries and one audit event for each thousand people.
    """
    made: list[Account] = []
    for start in range(0, len(people), BATCH):
        made += _provision(people[start : start + BATCH], acting_user)
    return made


def _provision(people: Sequence[Person], acting_user: Actor | None) -> list[Account]:
    opens_by = timezone.localdate() + dt.timedelta(days=settings.CONFIG.lifecycle.announce_days)
    late = set(
        Person.objects.filter(pk__in=[p.pk for p in people], right_from__gt=opens_by).values_list("pk", flat=True)
    )
    addresses = EmailAddress.objects.filter(person__in=people, is_primary=True, retired_at__isnull=True)
    missing = addresses.filter(person__account__isnull=True).values_list("person_id", "address")
    unusable = make_password(None)
    accounts = [
        Account(person_id=person, login=address, password=unusable, state=ANNOUNCED if person in late else PROVISIONED)
        for person, address in missing
    ]
    if accounts:
        Account.objects.bulk_create(accounts)
        AccountTransition.objects.bulk_create(_first_step(account, acting_user) for account in accounts)
        logins = [account.login for account in accounts]
        audit_record(
            acting_user=acting_user, action="account.provision", target=f"{len(logins)} comptes", logins=logins
        )
    return accounts


def _first_step(account: Account, acting_user: Actor | None) -> AccountTransition:
    return AccountTransition(
        account=account,
        event=Event.ANNOUNCE if account.state == ANNOUNCED else Event.PROVISION,
        to_state=account.state,
        on=timezone.localdate(),
        reason=AccountTransition.Reason.ASSIGNMENT,
        acting_login=acting_user.login if acting_user else "",
    )
