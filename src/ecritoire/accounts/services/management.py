"""What support does to an account; each act is audited."""

from __future__ import annotations

from django.db import transaction

from ecritoire.accounts.lifecycle import Event
from ecritoire.accounts.models import Account, AccountSession, AccountTransition, Lockout
from ecritoire.accounts.signals import sessions_ended
from ecritoire.common.services import Actor, audit_record

from .access import access_revoke, sessions_end
from .lifecycle import account_move
from .lockouts import lockouts_end

DECISION = AccountTransition.Reason.DECISION


def account_suspend(*, account: Account, acting_user: Actor, reason: str = "") -> None:
    """Close every door at once; mail goes on arriving."""
    with transaction.atomic():
        account_move(account=account, event=Event.SUSPEND, reason=DECISION, words=reason, acting_user=acting_user)
        access_revoke(account=account, acting_user=acting_user, reason="suspended")


def account_resume(*, account: Account, acting_user: Actor, reason: str = "") -> None:
    """Back to the state it was suspended in."""
    account_move(account=account, event=Event.RESUME, reason=DECISION, words=reason, acting_user=acting_user)


def sessions_close(*, account: Account, acting_user: Actor, keep: str = "") -> int:
    """Close ``account``'s web sessions but ``keep``; returns how many."""
    with transaction.atomic():
        closed = sessions_end(account=account, keep=keep)
        audit_record(acting_user=acting_user, action="session.close", target=account.login, count=closed)
    return closed


def session_close(*, session: AccountSession, acting_user: Account) -> None:
    with transaction.atomic():
        key = session.session_key
        session.delete()
        sessions_ended.send(sender=Account, account=acting_user, session_keys=[key])
        audit_record(acting_user=acting_user, action="session.close", target=acting_user.login, count=1)


def account_unlock(*, account: Account, acting_user: Actor, reason: str = "") -> None:
    """Forget the failures that lock the person: they stay in the history, marked as seen by support."""
    with transaction.atomic():
        ended = lockouts_end(login=account.login, end=Lockout.End.SUPPORT)
        audit_record(
            acting_user=acting_user, action="account.unlock", target=account.login, lockouts=ended, reason=reason
        )
