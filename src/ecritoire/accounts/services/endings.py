"""Decisions on the end of an account: each is a transition or an entry of its own, with its reason, in the journal."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.lifecycle import Event, State, TransitionRefused
from ecritoire.accounts.models import Account, AccountTransition, FamilyContact, LegalHold
from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.services.deaths import death_declare, death_withdraw

from .lifecycle import account_move

DECISION = AccountTransition.Reason.DECISION
EXTENDED_DAYS = 60


def account_end(*, account: Account, acting_user: Actor, reason: str) -> None:
    """The delay runs from today, whatever right there is."""
    account_move(account=account, event=Event.END, reason=DECISION, words=reason, acting_user=acting_user)


def account_close(*, account: Account, acting_user: Actor, reason: str) -> None:
    account_move(account=account, event=Event.DEACTIVATE, reason=DECISION, words=reason, acting_user=acting_user)


def account_reopen(*, account: Account, acting_user: Actor, reason: str) -> None:
    """Take an end or a closing back; without a right the account is open for its delay, no longer."""
    event = Event.RENEW if account.state == State.ENDING else Event.RESTORE
    if account.person.deceased_on or (event == Event.RENEW and not account.person.has_right):
        raise TransitionRefused(event, State(account.state))
    account_move(account=account, event=event, reason=DECISION, words=reason, acting_user=acting_user)


def extension_limit(account: Account) -> dt.date:
    """The latest last day: so long after the account began to end, however often it is prolonged."""
    steps = account.transitions.filter(to_state=State.ENDING).exclude(event=Event.EXTEND)
    began = steps.order_by("-id").values_list("on", flat=True).first() or timezone.localdate()
    return began + dt.timedelta(days=EXTENDED_DAYS)


def delay_extend(*, account: Account, until: dt.date, acting_user: Actor, reason: str) -> None:
    """Raises ValueError for a last day that is not later, or too late; TransitionRefused when the account is not ending."""
    if account.closes_on is None or not account.closes_on < until <= extension_limit(account):
        raise ValueError(f"{until} is not between {account.closes_on} and {extension_limit(account)}")
    account_move(
        account=account, event=Event.EXTEND, reason=DECISION, words=reason, acting_user=acting_user, closes_on=until
    )


def account_owner_died(*, account: Account, on: dt.date, contact: str, acting_user: Actor) -> None:
    """Everything closes now, and nothing more is written to the person."""
    with transaction.atomic():
        if contact:
            values = {"text": contact, "acting_login": acting_user.login}
            FamilyContact.objects.update_or_create(account=account, defaults=values)
        death_declare(person=account.person, on=on, acting_user=acting_user)
    account.refresh_from_db()


def account_owner_lives(*, account: Account, acting_user: Actor, reason: str) -> None:
    """It was a mistake: the right counts again, and the account reopens by it."""
    with transaction.atomic():
        FamilyContact.objects.filter(account=account).delete()
        death_withdraw(person=account.person, acting_user=acting_user, reason=reason)
    account.refresh_from_db()


def hold_place(*, account: Account, reference: str, reason: str, acting_user: Actor) -> LegalHold:
    """Nothing of the account is purged or erased until every hold is lifted."""
    with transaction.atomic():
        hold = LegalHold.objects.create(
            account=account, reference=reference, reason=reason, acting_login=acting_user.login
        )
        audit_record(
            acting_user=acting_user, action="hold.place", target=account.login, reference=reference, reason=reason
        )
    return hold


def hold_lift(*, hold: LegalHold, reason: str, acting_user: Actor) -> None:
    with transaction.atomic():
        fresh = LegalHold.objects.select_for_update().get(pk=hold.pk)
        if fresh.lifted_at is not None:
            return
        fresh.lifted_at, fresh.lifted_by = timezone.now(), acting_user.login
        fresh.save(update_fields=["lifted_at", "lifted_by"])
        detail = {"reference": fresh.reference, "reason": reason}
        audit_record(acting_user=acting_user, action="hold.lift", target=fresh.account.login, **detail)
