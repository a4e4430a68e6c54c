"""Handing a secret to a telephone: one link, ten minutes, one use.

The secret waits encrypted under a key that is only in the link: whoever reads the cache learns nothing from it.
"""

from __future__ import annotations

import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.core.cache import cache

from ecritoire.accounts.models import AppPassword

SECONDS = 600


def _place(token: str) -> str:
    return f"handover:{hashlib.sha256(token.encode()).hexdigest()}"


def handover_prepare(*, app_password: AppPassword, secret: str) -> str:
    """The token of a link that gives ``secret`` once."""
    token = Fernet.generate_key().decode()
    sealed = Fernet(token).encrypt(f"{app_password.pk}:{secret}".encode())
    cache.set(_place(token), sealed, SECONDS)
    return token


def handover_waits(token: str) -> bool:
    return cache.get(_place(token)) is not None


def handover_take(token: str) -> tuple[AppPassword, str] | None:
    """The application and its secret, the first time only; None when the link is used, late or wrong.

    Of two takers at once, one deletes the row: that one has it.
    """
    sealed = cache.get(_place(token))
    return _open(token, sealed) if sealed and cache.delete(_place(token)) else None


def _open(token: str, sealed: bytes) -> tuple[AppPassword, str] | None:
    try:
        pk, _, secret = Fernet(token).decrypt(sealed, ttl=SECONDS).decode().partition(":")
    except (InvalidToken, ValueError):
        return None
    rows = AppPassword.objects.filter(pk=pk, revoked_at__isnull=True).select_related("account__person")
    row = rows.first()
    return (row, secret) if row else None
