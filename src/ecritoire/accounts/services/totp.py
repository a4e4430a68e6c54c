"""Codes of an authenticator application (RFC 6238): thirty seconds, one step of tolerance, each step accepted once."""

from __future__ import annotations

import hmac
import time
from enum import Enum

import pyotp
from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.models import Account, TotpFactor
from ecritoire.common.services import audit_record

from .factor_keys import seal, unseal

STEP_SECONDS = 30
TOLERANCE = 1


class CodeCheck(Enum):
    RIGHT = "right"
    WRONG = "wrong"
    USED = "used"


def totp_secret_make() -> str:
    return pyotp.random_base32()


def totp_uri(*, account: Account, secret: str) -> str:
    """What the QR code says to the application."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.login, issuer_name=account.person.organisation.name)


def totp_enrol(*, account: Account, secret: str, code: str) -> bool:
    """Keep ``secret`` once the application has shown a right code for it; it replaces the one before."""
    from .factors import factor_announce

    step = _step(secret, code)
    if step is None:
        return False
    with transaction.atomic():
        values = {"secret": seal(secret), "last_step": step, "last_used_at": None}
        TotpFactor.objects.update_or_create(account=account, defaults=values)
        audit_record(acting_user=account, action="factor.add", target=account.login, kind="totp")
        factor_announce(account=account, change="totp_added")
    return True


def totp_use(*, account: Account, code: str) -> CodeCheck:
    """Try a code. Of two requests with the same one, even at the same moment, only the first is let in."""
    row = TotpFactor.objects.filter(account=account).first()
    step = _step(unseal(row.secret), code) if row else None
    if row is None or step is None:
        return CodeCheck.WRONG
    newer = TotpFactor.objects.filter(pk=row.pk, last_step__lt=step)
    return CodeCheck.RIGHT if newer.update(last_step=step, last_used_at=timezone.now()) else CodeCheck.USED


def _step(secret: str, code: str) -> int | None:
    """The time step ``code`` belongs to, now or one step away."""
    now, totp = int(time.time()) // STEP_SECONDS, pyotp.TOTP(secret)
    near = range(now - TOLERANCE, now + TOLERANCE + 1)
    found = [step for step in near if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())]
    return max(found, default=None)
