"""The key with which this service says to push services who it is (VAPID, RFC 8292); browsers subscribe with its public half."""

from __future__ import annotations

import base64
from functools import cache
from typing import cast

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.conf import settings

BROWSERS = ("fcm.googleapis.com", "push.services.mozilla.com", "notify.windows.com", "push.apple.com")
"""Whose push services the browsers people have use, and what is below them."""


@cache
def private_pem() -> bytes:
    return settings.CONFIG.secret("push-signing-key").encode()


@cache
def public_key() -> str:
    """As ``applicationServerKey`` wants it."""
    key = cast(EllipticCurvePrivateKey, load_pem_private_key(private_pem(), None)).public_key()
    return _base64url(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def is_known_host(host: str) -> bool:
    """A browser says where its push service is: believed only when it is one."""
    if host in settings.CONFIG.outbound.push_hosts:
        return True
    return any(host == known or host.endswith(f".{known}") for known in BROWSERS)


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
