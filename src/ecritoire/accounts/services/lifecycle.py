"""Accounts move from state to state (``accounts.lifecycle``), by what becomes of the right to them and by decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ecritoire.accounts.lifecycle import CLOSED, Event, State, state_after
from ecritoire.accounts.models import Account, AccountTransition, EndPolicy
from ecritoire.accounts.models.lifecycle import DELAY_DAYS, RETENTION_DAYS
from ecritoire.accounts.signals import account_moved
from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import Person

from .access import access_revoke

BATCH = 500
Reason = AccountTransition.Reason


def account_move(
    *,
    account: Account,
    event: Event,
    reason: AccountTransition.Reason,
    acting_user: Actor | None,
    words: str = "",
    on: dt.date | None = None,
) -> AccountTransition:
    """Carry out one transition: the state, its dates, the step, the audit event, the signal, all or nothing.

    Raises TransitionRefused when the account is in no state for it.
    """
    on = on or timezone.localdate()
    with transaction.atomic():
        fresh = Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=account.pk)
        before = State(fresh.state)
        fresh.closes_on, fresh.purge_on = _dates_after(fresh, event, on)
        fresh.state = state_after(
            event=event,
            state=before,
            ever_activated=fresh.activated_at is not None,
            ending=fresh.closes_on is not None,
        )
        fresh.save(update_fields=["state", "closes_on", "purge_on"])
        step = AccountTransition.objects.create(
            account=fresh,
            generation=fresh.generation,
            event=event,
            from_state=before,
            to_state=fresh.state,
            on=on,
            reason=reason,
            words=words[:300],
            acting_login=acting_user.login if acting_user else "",
        )
        detail = {"from": before, "to": fresh.state, "because": reason, "reason": words}
        audit_record(acting_user=acting_user, action=f"account.{event}", target=fresh.login, **detail)
        account.state, account.closes_on, account.purge_on = fresh.state, fresh.closes_on, fresh.purge_on
        if event == Event.DEACTIVATE:
            access_revoke(account=fresh, acting_user=acting_user, reason="deactivated")
        account_moved.send(sender=Account, account=fresh, transition=step)
    return step


def _dates_after(account: Account, event: Event, on: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """``closes_on`` and ``purge_on`` once ``event`` has happened."""
    delay, retention = _policy(account.person)
    if event == Event.END:
        return (account.person.right_until or on) + dt.timedelta(days=delay), None
    if event == Event.DEACTIVATE:
        return account.closes_on, on + dt.timedelta(days=retention)
    if event in {Event.RENEW, Event.RETURN}:
        return None, None
    if event == Event.RESTORE:
        return (None if account.person.has_right else on + dt.timedelta(days=delay)), None
    return account.closes_on, account.purge_on


def _policy(person: Person) -> tuple[int, int]:
    """Delay and retention, in days."""
    policy = EndPolicy.objects.filter(organisation=person.organisation_id, category=person.category).first()
    return (policy.delay_days, policy.retention_days) if policy else (DELAY_DAYS, RETENTION_DAYS)


def accounts_follow(*, person_ids: Sequence[int]) -> int:
    """After a change of right: renew, reopen, announce anew or end the accounts of these people; returns how many moved."""
    return _advance(Account.objects.filter(person__in=person_ids), timezone.localdate())


def accounts_advance(*, today: dt.date | None = None) -> int:
    """Daily: every account goes where its dates lead; returns how many moved. A second run moves nothing."""
    return _advance(Account.objects.all(), today or timezone.localdate())


def _advance(accounts: QuerySet[Account], today: dt.date) -> int:
    moved = 0
    while step := _due(accounts, today):
        for account, event, reason in step:
            account_move(account=account, event=event, reason=reason, acting_user=None, on=today)
        moved += len(step)
    return moved


def _due(accounts: QuerySet[Account], today: dt.date) -> list[tuple[Account, Event, AccountTransition.Reason]]:
    """A batch of those for whom something is due, each with the one thing that comes next."""
    over = Q(person__right_until__lt=today) | Q(person__right_from__isnull=True) | Q(person__deceased_on__isnull=False)
    here = Q(person__right_from__lte=today) & ~over
    opens_by = today + dt.timedelta(days=settings.CONFIG.lifecycle.announce_days)
    soon = Q(person__right_from__lte=opens_by) & ~over
    rows: Iterable[tuple[Q, Event, AccountTransition.Reason]] = (
        (Q(person__deceased_on__isnull=False) & ~Q(state__in=CLOSED), Event.DEACTIVATE, Reason.DEATH),
        (Q(state=State.ANNOUNCED) & soon, Event.PROVISION, Reason.ASSIGNMENT),
        (Q(state=State.ANNOUNCED) & over, Event.DEACTIVATE, Reason.CANCELLED),
        (Q(state=State.ENDING) & here, Event.RENEW, Reason.RIGHT_BACK),
        (Q(state=State.DEACTIVATED) & here, Event.RESTORE, Reason.RIGHT_BACK),
        (Q(state=State.PURGED) & here, Event.RETURN, Reason.RIGHT_BACK),
        (Q(state=State.ACTIVATED) & over, Event.END, Reason.RIGHT_OVER),
        (Q(state__in=[State.ENDING, State.SUSPENDED], closes_on__lt=today) & over, Event.DEACTIVATE, Reason.DELAY_OVER),
        (_never_used(today) & over, Event.DEACTIVATE, Reason.DELAY_OVER),
    )
    for condition, event, reason in rows:
        found = list(accounts.filter(condition).select_related("person").order_by("pk")[:BATCH])
        if found:
            return [(account, event, reason) for account in found]
    return []


def _never_used(today: dt.date) -> Q:
    """Not activated, or suspended before the end was known, and the delay is over: there is nothing to wind up."""
    last = today - dt.timedelta(days=DELAY_DAYS)
    gone = Q(person__right_until__lt=last) | Q(person__right_from__isnull=True)
    return Q(state__in=[State.PROVISIONED, State.SUSPENDED], closes_on__isnull=True) & gone


def purge_due(*, today: dt.date) -> QuerySet[Account]:
    """Closed accounts past their retention, without a legal hold and without a right."""
    held = Q(legal_holds__lifted_at__isnull=True, legal_holds__isnull=False)
    return Account.objects.filter(state=State.DEACTIVATED, purge_on__lte=today).exclude(held).order_by("pk")
