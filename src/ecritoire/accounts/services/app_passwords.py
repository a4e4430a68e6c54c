"""Secrets for mail applications. 130 random bits, so a keyed hash is enough and a check costs microseconds."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from functools import cache

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.models import Account, AppFamily, AppPassword
from ecritoire.accounts.models.app_password import every_protocol
from ecritoire.accounts.signals import app_password_revoked
from ecritoire.common.services import Actor, audit_record

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
LENGTH, GROUP = 26, 13
SHAPE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
ACTIVE_LIMIT = 20


class TooManyAppPasswords(Exception):
    """Twenty are active: one must be revoked first."""


@cache
def _key() -> bytes:
    return settings.CONFIG.secret("app-password-key").encode()


def secret_hash(secret: str) -> str:
    """The hash under which a secret is kept. Spaces, hyphens and case are for people: they do not count."""
    return hmac.new(_key(), _plain(secret).encode(), hashlib.sha256).hexdigest()


def _plain(secret: str) -> str:
    return re.sub(r"[\s-]", "", secret).lower()


def looks_like_secret(typed: str) -> bool:
    """Whether ``typed`` has the shape of our secrets; a person's own password never has."""
    return SHAPE.fullmatch(_plain(typed)) is not None


def app_password_create(
    *,
    account: Account,
    name: str,
    family: AppFamily = AppFamily.OTHER,
    protocols: list[str] | None = None,
) -> tuple[AppPassword, str]:
    """A new secret for the application ``name``, for ``protocols`` (None: all): shown now, never again.

    Raises TooManyAppPasswords.
    """
    scope = every_protocol() if protocols is None else protocols
    secret = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        if account.app_passwords.filter(revoked_at__isnull=True).count() >= ACTIVE_LIMIT:
            raise TooManyAppPasswords
        row = AppPassword.objects.create(
            account=account, name=name, family=family, protocols=scope, secret_hash=secret_hash(secret)
        )
        audit_record(
            acting_user=account, action="app_password.create", target=account.login, name=name, protocols=scope
        )
    return row, f"{secret[:GROUP]}-{secret[GROUP:]}"


def app_password_revoke(*, app_password: AppPassword, acting_user: Actor | None, reason: str = "") -> None:
    """From now on the secret opens nothing. Its owner is told when somebody else does it. Again: nothing more happens."""
    from ecritoire.accounts.tasks.applications import send_revoked

    if app_password.revoked_at:
        return
    with transaction.atomic():
        app_password.revoked_at = timezone.now()
        app_password.save(update_fields=["revoked_at"])
        target, name = app_password.account.login, app_password.name
        audit_record(acting_user=acting_user, action="app_password.revoke", target=target, name=name, reason=reason)
        app_password_revoked.send(sender=Account, account=app_password.account)
        if acting_user is None or acting_user.login != target:
            send_revoked.defer(app_password_id=app_password.pk)
