"""Six-digit codes: kept as a keyed hash, fifteen minutes, five tries, used once."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.models import Account, OneTimeCode

MINUTES = 15
TRIES = 5


def code_hash(account: Account, purpose: str, code: str) -> str:
    key = settings.CONFIG.secret("app-password-key").encode()
    return hmac.new(key, f"code\0{account.pk}\0{purpose}\0{code}".encode(), hashlib.sha256).hexdigest()


def code_make(*, account: Account, purpose: OneTimeCode.Purpose) -> str:
    """A fresh code; the one before it no longer works."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    values = {
        "code_hash": code_hash(account, purpose, code),
        "expires_at": timezone.now() + dt.timedelta(minutes=MINUTES),
        "failures": 0,
    }
    OneTimeCode.objects.update_or_create(account=account, purpose=purpose, defaults=values)
    return code


def code_use(*, account: Account, purpose: OneTimeCode.Purpose, code: str) -> bool:
    """Whether ``code`` is right; a right code is gone, a wrong one counts against the five tries."""
    with transaction.atomic():
        row = OneTimeCode.objects.select_for_update().filter(account=account, purpose=purpose).first()
        if row is None or row.expires_at < timezone.now() or row.failures >= TRIES:
            return False
        if hmac.compare_digest(row.code_hash, code_hash(account, purpose, code.strip())):
            row.delete()
            return True
        row.failures += 1
        row.save(update_fields=["failures"])
        return False
