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

from ecritoire.accounts.models import Account, AppPassword
from ecritoire.accounts.signals import app_password_revoked
from ecritoire.common.services import audit_record

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
LENGTH, GROUP = 26, 13
ACTIVE_LIMIT = 20


class TooManyAppPasswords(Exception):
    """Twenty are active: one must be revoked first."""


@cache
def _key() -> bytes:
    return settings.CONFIG.secret("app-password-key").encode()


def secret_hash(secret: str) -> str:
    """The hash under which a secret is kept. Spaces, hyphens and case are for people: they do not count."""
    plain = re.sub(r"[\s-]", "", secret).lower()
    return hmac.new(_key(), plain.encode(), hashlib.sha256).hexdigest()


def app_password_create(*, account: Account, name: str) -> tuple[AppPassword, str]:
    """A new secret for the application ``name``: shown now, never again. Raises TooManyAppPasswords."""
    secret = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        if account.app_passwords.filter(revoked_at__isnull=True).count() >= ACTIVE_LIMIT:
            raise TooManyAppPasswords
        row = AppPassword.objects.create(account=account, name=name, secret_hash=secret_hash(secret))
        audit_record(acting_user=account, action="app_password.create", target=account.login, name=name)
    return row, f"{secret[:GROUP]}-{secret[GROUP:]}"


def app_password_revoke(*, app_password: AppPassword, acting_user: Account) -> None:
    """From now on the secret opens nothing. Again: nothing more happens."""
    if app_password.revoked_at:
        return
    with transaction.atomic():
        app_password.revoked_at = timezone.now()
        app_password.save(update_fields=["revoked_at"])
        target = app_password.account.login
        audit_record(acting_user=acting_user, action="app_password.revoke", target=target, name=app_password.name)
        app_password_revoked.send(sender=Account, account=app_password.account)
