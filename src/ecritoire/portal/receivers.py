"""What happens here when a room below says something."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from ecritoire.accounts.lifecycle import Event
from ecritoire.accounts.models import Account, AccountTransition
from ecritoire.accounts.signals import access_revoked, account_moved, sessions_ended

from .models import ServiceSession
from .sso.sessions import BOND, service_session_rebind, service_sessions_end, service_sessions_live, tokens_revoke


@receiver(sessions_ended)
def close_with_web_sessions(account: Account, session_keys: list[str], **kwargs: Any) -> None:
    service_sessions_end(sessions=service_sessions_live(account=account).filter(session_key__in=session_keys))


@receiver(access_revoked)
def close_everything(account: Account, **kwargs: Any) -> None:
    service_sessions_end(sessions=service_sessions_live(account=account))
    tokens_revoke(account=account)


@receiver(user_logged_out)
def close_on_sign_out(request: HttpRequest, **kwargs: Any) -> None:
    bond = request.session.get(BOND)
    if bond:
        service_sessions_end(sessions=ServiceSession.objects.filter(bond=bond))


@receiver(user_logged_in)
def follow_new_key(request: HttpRequest, **kwargs: Any) -> None:
    service_session_rebind(session=request.session)


@receiver(account_moved)
def forget_purged(account: Account, transition: AccountTransition, **kwargs: Any) -> None:
    """Nothing of what the person arranged or agreed to here outlives their mailbox."""
    if transition.event == Event.PURGE:
        for name in ("favourites", "consents", "service_sessions", "upstream_identities"):
            getattr(account, name).all().delete()
