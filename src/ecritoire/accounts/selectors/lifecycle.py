"""What is due to an account today, by what becomes of the right to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Q, QuerySet

from ecritoire.accounts.lifecycle import CLOSED, Event, State
from ecritoire.accounts.models import Account, AccountTransition, EndPolicy
from ecritoire.accounts.models.lifecycle import (
    BEFORE_CLOSING,
    BEFORE_END,
    DELAY_DAYS,
    RETENTION_DAYS,
)
from ecritoire.directory.models import Organisation, Person

BATCH = 500
Reason = AccountTransition.Reason
DELAYED = (State.ENDING, State.SUSPENDED, State.PROVISIONED)
Due = tuple[Account, Event, AccountTransition.Reason]


def right_denied() -> Q:
    """A decision set aside the right there was that day: one that begins later, or goes on for longer, is a new one.

    Each comparison says first that its date is there: SQL would not take "unknown" back as "no".
    """
    same_start = Q(person__right_from__isnull=False, person__right_from__lte=F("denied_on"))
    no_longer = Q(denied_until__isnull=True) | Q(
        denied_until__isnull=False, person__right_until__isnull=False, person__right_until__lte=F("denied_until")
    )
    return Q(denied_on__isnull=False) & same_start & no_longer


def right_over(today: dt.date) -> Q:
    """No right any more, or none that counts."""
    past = Q(person__right_until__isnull=False, person__right_until__lt=today)
    return past | Q(person__right_from__isnull=True) | Q(person__deceased_on__isnull=False) | right_denied()


def right_here(today: dt.date, *, within: int = 0) -> Q:
    """A right that counts, today or ``within`` so many days."""
    by = today + dt.timedelta(days=within)
    return Q(person__right_from__isnull=False, person__right_from__lte=by) & ~right_over(today)


def accounts_due(accounts: QuerySet[Account], today: dt.date) -> list[Due]:
    """A batch of those for whom something is due, each with the one thing that comes next."""
    over, here = right_over(today), right_here(today)
    soon = right_here(today, within=settings.CONFIG.lifecycle.announce_days)
    closing = Q(closes_on__isnull=False, closes_on__lt=today)
    rows: Iterable[tuple[Q, Event, AccountTransition.Reason]] = (
        (Q(person__deceased_on__isnull=False) & ~Q(state__in=CLOSED), Event.DEACTIVATE, Reason.DEATH),
        (Q(state=State.ANNOUNCED) & soon, Event.PROVISION, Reason.ASSIGNMENT),
        (Q(state=State.ANNOUNCED) & over, Event.DEACTIVATE, Reason.CANCELLED),
        (Q(state=State.ENDING) & here, Event.RENEW, Reason.RIGHT_BACK),
        (Q(state=State.DEACTIVATED) & here, Event.RESTORE, Reason.RIGHT_BACK),
        (Q(state=State.PURGED) & soon, Event.RETURN, Reason.RIGHT_BACK),
        (Q(state=State.ACTIVATED) & over, Event.END, Reason.RIGHT_OVER),
        (Q(state__in=DELAYED) & closing & over, Event.DEACTIVATE, Reason.DELAY_OVER),
        (_never_used(today) & over, Event.DEACTIVATE, Reason.DELAY_OVER),
    )
    for condition, event, reason in rows:
        found = list(accounts.filter(condition).select_related("person").order_by("pk")[:BATCH])
        if found:
            return [(account, event, reason) for account in found]
    return []


def _never_used(today: dt.date) -> Q:
    """Not activated, or suspended before the end was known, and the longest delay is over: there is nothing to wind up."""
    last = today - dt.timedelta(days=DELAY_DAYS)
    past = Q(person__right_until__isnull=False, person__right_until__lt=last) | Q(person__right_from__isnull=True)
    return Q(state__in=[State.PROVISIONED, State.SUSPENDED], closes_on__isnull=True) & (past | right_denied())


def purge_due(*, today: dt.date) -> QuerySet[Account]:
    """Closed accounts past their retention, without a legal hold and without a right, today or to come."""
    held = Q(pk__in=Account.objects.filter(legal_holds__lifted_at__isnull=True, legal_holds__isnull=False).values("pk"))
    past = Account.objects.filter(right_over(today), state=State.DEACTIVATED, purge_on__lte=today)
    return past.exclude(held).select_related("person").order_by("pk")


@dataclass(frozen=True)
class Policy:
    """What holds for one category: the row, or the defaults."""

    delay_days: int = DELAY_DAYS
    retention_days: int = RETENTION_DAYS
    before_end: tuple[int, ...] = BEFORE_END
    before_closing: tuple[int, ...] = BEFORE_CLOSING


def policy_of(person: Person) -> Policy:
    return policies_of(person.organisation_id).get(person.category, Policy())


def policies_of(organisation: Organisation | int) -> dict[str, Policy]:
    """By category. One query."""
    rows = EndPolicy.objects.filter(organisation=organisation)
    return {
        row.category: Policy(row.delay_days, row.retention_days, tuple(row.before_end), tuple(row.before_closing))
        for row in rows
    }
