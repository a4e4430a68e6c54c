"""Six-digit codes: kept as a keyed hash, fifteen minutes, five tries, used once."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from ecritoire.accounts.models import Account, OneTimeCode

MINUTES = 15
TRIES = 5


def code_hash(account_id: int, purpose: str, code: str) -> str:
    key = settings.CONFIG.secret("app-password-key").encode()
    return hmac.new(key, f"code\0{account_id}\0{purpose}\0{code}".encode(), hashlib.sha256).hexdigest()


def code_make(*, account: Account, purpose: OneTimeCode.Purpose) -> str:
    """A fresh code; the one before it no longer works."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    values = {
        "code_hash": code_hash(account.pk, purpose, code),
        "expires_at": timezone.now() + dt.timedelta(minutes=MINUTES),
        "failures": 0,
    }
    OneTimeCode.objects.update_or_create(account=account, purpose=purpose, defaults=values)
    return code


def code_use(*, account: Account | None, purpose: OneTimeCode.Purpose, code: str) -> bool:
    """Whether ``code`` is right; a right code is gone, a wrong one counts against the five tries.

    The same queries for somebody, for somebody without a code and for nobody, and no wait for the disk that would tell
    that a row was written: the worst a crash can do is to forget one failure.
    """
    account_id = account.pk if account else 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
        row = OneTimeCode.objects.select_for_update().filter(account_id=account_id, purpose=purpose).first()
        holds = row is not None and row.expires_at >= timezone.now() and row.failures < TRIES
        expected = row.code_hash if row is not None else ""
        same = hmac.compare_digest(expected, code_hash(account_id, purpose, code.strip()))
        mine = OneTimeCode.objects.filter(pk=row.pk if row is not None else 0)
        if holds and same:
            mine.delete()
            return True
        mine.update(failures=F("failures") + 1)
        return False
