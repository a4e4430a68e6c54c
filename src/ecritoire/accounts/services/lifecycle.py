"""Accounts move from state to state (``accounts.lifecycle``), by what becomes of the right to them and by decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ecritoire.accounts.lifecycle import Event, State, state_after
from ecritoire.accounts.models import Account, AccountTransition
from ecritoire.accounts.selectors.lifecycle import accounts_due, policy_of, purge_due
from ecritoire.accounts.signals import account_moved
from ecritoire.common.services import Actor, audit_record

from .access import access_revoke
from .returning import account_renew_whole

NOTICE_DAYS = 7
MOVED = ["state", "closes_on", "purge_on", "suspended_on", "denied_on", "denied_until"]
Reason = AccountTransition.Reason

__all__ = ["Reason", "account_move", "accounts_advance", "accounts_follow", "purge_due"]


def account_move(
    *,
    account: Account,
    event: Event,
    reason: AccountTransition.Reason,
    acting_user: Actor | None,
    words: str = "",
    on: dt.date | None = None,
    closes_on: dt.date | None = None,
) -> AccountTransition:
    """Carry out one transition: the state, its dates, the step, the audit event, the signal, all or nothing.

    ``closes_on`` is the new last day when the delay is prolonged. Raises TransitionRefused when the account is in no state for it.
    """
    on = on or timezone.localdate()
    with transaction.atomic():
        fresh = Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=account.pk)
        before = State(fresh.state)
        suspended = fresh.suspended_on is not None
        if event in DATES:
            DATES[event](Change(fresh, on, reason == Reason.DECISION, closes_on))
        fresh.state = state_after(
            event=event,
            state=before,
            ever_activated=fresh.activated_at is not None,
            ending=fresh.closes_on is not None,
            suspended=suspended,
        )
        fresh.save(update_fields=MOVED)
        if event == Event.RETURN:
            account_renew_whole(account=fresh)
        step = _step(fresh, event, before, on, reason, words, acting_user)
        detail = {"from": before, "to": fresh.state, "because": reason, "reason": words}
        if fresh.closes_on:
            detail["closes_on"] = fresh.closes_on.isoformat()
        audit_record(acting_user=acting_user, action=f"account.{event}", target=fresh.login, **detail)
        if event == Event.DEACTIVATE:
            access_revoke(account=fresh, acting_user=acting_user, reason="deactivated")
        for name in (*MOVED, "generation", "activated_at"):
            setattr(account, name, getattr(fresh, name))
        account_moved.send(sender=Account, account=fresh, transition=step)
    return step


def _step(
    account: Account,
    event: Event,
    before: State,
    on: dt.date,
    reason: AccountTransition.Reason,
    words: str,
    acting_user: Actor | None,
) -> AccountTransition:
    return AccountTransition.objects.create(
        account=account,
        generation=account.generation,
        event=event,
        from_state=before,
        to_state=account.state,
        on=on,
        reason=reason,
        words=words[:300],
        acting_login=acting_user.login if acting_user else "",
    )


@dataclass(frozen=True)
class Change:
    """What ``account`` goes through on the day ``on``. ``until`` is the new last day of a delay that is prolonged."""

    account: Account
    on: dt.date
    decided: bool
    until: dt.date | None


def _extend(change: Change) -> None:
    change.account.closes_on = change.until


def _end(change: Change) -> None:
    change.account.closes_on = _last_day(change.account, change.on, decided=change.decided)
    _set_aside(change)


def _close(change: Change) -> None:
    retention = dt.timedelta(days=policy_of(change.account.person).retention_days)
    change.account.purge_on = change.on + retention
    _set_aside(change)


def _set_aside(change: Change) -> None:
    """A decision holds against the right there is that day, and no other."""
    person = change.account.person
    if change.decided and person.had_right_on(change.on):
        change.account.denied_on, change.account.denied_until = change.on, person.right_until


def _open(change: Change) -> None:
    account = change.account
    account.closes_on = account.purge_on = account.denied_on = account.denied_until = None


def _reopen(change: Change) -> None:
    """Without a right, for the delay alone."""
    _open(change)
    if not change.account.person.had_right_on(change.on):
        change.account.closes_on = change.on + dt.timedelta(days=policy_of(change.account.person).delay_days)


def _suspend(change: Change) -> None:
    change.account.suspended_on = change.on


def _resume(change: Change) -> None:
    change.account.suspended_on = None
    if change.account.denied_on is None and change.account.person.had_right_on(change.on):
        change.account.closes_on = None


def _forget(change: Change) -> None:
    change.account.suspended_on = None


DATES: dict[Event, Callable[[Change], None]] = {
    Event.ACTIVATE: _open,
    Event.END: _end,
    Event.EXTEND: _extend,
    Event.RENEW: _open,
    Event.SUSPEND: _suspend,
    Event.RESUME: _resume,
    Event.DEACTIVATE: _close,
    Event.RESTORE: _reopen,
    Event.PURGE: _forget,
    Event.RETURN: _open,
}
"""What each event does to the dates of an account."""


def _last_day(account: Account, on: dt.date, *, decided: bool) -> dt.date:
    """The delay runs from the end of the right; whatever HR says late, the person has a week's notice."""
    delay = dt.timedelta(days=policy_of(account.person).delay_days)
    if decided:
        return on + delay
    ended = account.person.right_until or on
    return max(ended + delay, on + dt.timedelta(days=NOTICE_DAYS))


def accounts_follow(*, person_ids: Sequence[int]) -> int:
    """After a change of right: renew, reopen, announce anew or end the accounts of these people; returns how many moved."""
    return _advance(Account.objects.filter(person__in=person_ids), timezone.localdate())


def accounts_advance(*, today: dt.date | None = None) -> int:
    """Daily: every account goes where its dates lead; returns how many moved. A second run moves nothing."""
    return _advance(Account.objects.all(), today or timezone.localdate())


def _advance(accounts: QuerySet[Account], today: dt.date) -> int:
    moved = 0
    while due := accounts_due(accounts, today):
        for account, event, reason in due:
            account_move(account=account, event=event, reason=reason, acting_user=None, on=today)
        moved += len(due)
    return moved
