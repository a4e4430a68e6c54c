"""Browsers that need not show the second factor for a while: a random token in a cookie, bound to one account."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ecritoire.accounts.models import Account, TrustedDevice
from ecritoire.common.requests import client_address
from ecritoire.common.services import audit_record

from .factor_keys import keyed_hash

COOKIE = "__Host-device"
TOKEN_BYTES = 32


def trusted_device_list(*, account: Account, days: int) -> QuerySet[TrustedDevice]:
    """Those still trusted under a policy of ``days``: a stricter policy holds for devices trusted before it."""
    return account.trusted_devices.filter(created_at__gt=timezone.now() - dt.timedelta(days=days))


def device_is_trusted(*, request: HttpRequest, account: Account, days: int) -> bool:
    """Whether this browser shows a token of ``account``; notes its use."""
    token = request.COOKIES.get(COOKIE, "")
    if not token or not days:
        return False
    known = trusted_device_list(account=account, days=days).filter(token_hash=_hash(token))
    return bool(known.update(last_used_at=timezone.now(), address=client_address(request) or None))


def device_trust(*, request: HttpRequest, response: HttpResponse, account: Account, days: int) -> None:
    """Trust this browser for ``days``; what it held for whoever signed in before is forgotten."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        TrustedDevice.objects.filter(token_hash=_hash(request.COOKIES.get(COOKIE, ""))).delete()
        account.trusted_devices.filter(created_at__lte=timezone.now() - dt.timedelta(days=days)).delete()
        TrustedDevice.objects.create(
            account=account,
            token_hash=_hash(token),
            user_agent=request.headers.get("User-Agent", "")[:300],
            address=client_address(request) or None,
        )
        audit_record(acting_user=account, action="factor.trust", target=account.login, days=days)
    response.set_cookie(COOKIE, token, max_age=days * 86_400, secure=True, httponly=True, samesite="Lax")


def trusted_device_forget(*, device: TrustedDevice, acting_user: Account) -> None:
    with transaction.atomic():
        audit_record(acting_user=acting_user, action="factor.untrust", target=device.account.login)
        device.delete()


def _hash(token: str) -> str:
    return keyed_hash("device", token)
