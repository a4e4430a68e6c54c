"""Closing every door of an account at once, on every protocol."""

from __future__ import annotations

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account, AccountSession, OneTimeCode
from ecritoire.accounts.signals import access_revoked, help_requested, sessions_ended
from ecritoire.common.services import Actor, audit_record


class HelpKind(models.TextChoices):
    """Why somebody asks for a person's help with their access."""

    FORGOTTEN_PASSWORD = "forgotten", _("mot de passe oublié")
    LOST_FACTOR = "lost_factor", _("second facteur perdu")
    TAKEOVER = "takeover", _("compte compromis")
    LOCKED = "locked", _("compte bloqué")
    RIGHT = "right", _("contrat ou affectation renouvelés")


def access_revoke(*, account: Account, acting_user: Actor | None, reason: str, keep_session: str = "") -> None:
    """End all sessions but ``keep_session``, all app passwords, and whatever the rooms above have opened."""
    with transaction.atomic():
        closed = sessions_end(account=account, keep=keep_session)
        secrets = account.app_passwords.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
        audit_record(
            acting_user=acting_user,
            action="access.revoke",
            target=account.login,
            reason=reason,
            sessions=closed,
            app_passwords=secrets,
        )
        access_revoked.send(sender=Account, account=account, reason=reason)


def sessions_end(*, account: Account, keep: str = "") -> int:
    """Delete the web sessions of ``account`` but ``keep`` and tell the rooms above; returns how many."""
    rows = AccountSession.objects.filter(account=account).exclude(session_key=keep)
    keys = list(rows.values_list("session_key", flat=True))
    if keys:
        rows.filter(session_key__in=keys).delete()
        sessions_ended.send(sender=Account, account=account, session_keys=keys)
    return len(keys)


def sessions_purge() -> int:
    """Forget sessions that ran out and codes past their time; returns how many sessions."""
    now = timezone.now()
    OneTimeCode.objects.filter(expires_at__lt=now).delete()
    return AccountSession.objects.filter(expire_date__lt=now).delete()[0]


def help_request(
    *, account: Account | None, login: str, contact: str, kind: HelpKind, text: str, urgent: bool = False, **facts: str
) -> None:
    """Ask the help desk for a person. The same for a name nobody has."""
    help_requested.send(
        sender=Account,
        account=account,
        login=login,
        contact=contact,
        kind=kind,
        text=text,
        urgent=urgent,
        facts=facts,
    )
