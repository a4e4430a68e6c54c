"""Codes that stand in for a second factor once: ten to print, or one told by a colleague."""

from __future__ import annotations

import datetime as dt
import re
import secrets

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ecritoire.accounts.models import Account, RecoveryCode
from ecritoire.common.services import audit_record

from .factor_keys import keyed_hash

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that reads like something else
GROUPS, GROUP_LENGTH = 3, 4  # 12 signs: 59 bits
PRINTED = 10
ENTRY_HOURS = 24


def recovery_codes_make(*, account: Account) -> list[str]:
    """Ten fresh codes, shown now and never again; those before no longer work."""
    from .factors import factor_announce

    with transaction.atomic():
        codes = printed_codes_replace(account=account)
        audit_record(acting_user=account, action="factor.codes", target=account.login)
        factor_announce(account=account, change="codes_made")
    return codes


def printed_codes_replace(*, account: Account) -> list[str]:
    """The rows alone, in the caller's transaction."""
    codes = [_make() for _ in range(PRINTED)]
    account.recovery_codes.filter(kind=RecoveryCode.Kind.PRINTED).delete()
    rows = [RecoveryCode(account=account, code_hash=_hash(account, code)) for code in codes]
    RecoveryCode.objects.bulk_create(rows)
    return codes


def entry_code_make(*, account: Account) -> str:
    """The one code that lets in somebody whose factors have just been removed; in the caller's transaction."""
    code, kind = _make(), RecoveryCode.Kind.ENTRY
    account.recovery_codes.filter(kind=kind).delete()
    expires_at = timezone.now() + dt.timedelta(hours=ENTRY_HOURS)
    RecoveryCode.objects.create(account=account, kind=kind, code_hash=_hash(account, code), expires_at=expires_at)
    return code


def recovery_code_use(*, account: Account, code: str) -> RecoveryCode.Kind | None:
    """The kind of a right code, which is gone from now on; None for a wrong one."""
    valid = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
    row = account.recovery_codes.filter(valid, code_hash=_hash(account, code)).first()
    if row is None or not RecoveryCode.objects.filter(pk=row.pk).delete()[0]:
        return None
    return RecoveryCode.Kind(row.kind)


def _make() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def _hash(account: Account, code: str) -> str:
    """Spaces, hyphens and case are for people: they do not count."""
    return keyed_hash("recovery", account.pk, re.sub(r"[\s-]", "", code).lower())
