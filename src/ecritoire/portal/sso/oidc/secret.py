"""Client secrets: 256 random bits, so a keyed hash is enough and a token request costs microseconds."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import cache

from django.conf import settings


@cache
def _key() -> bytes:
    return settings.CONFIG.secret("sso-client-key").encode()


def secret_make() -> str:
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    return hmac.new(_key(), secret.encode(), hashlib.sha256).hexdigest()
