"""What the second factor's secrets are encrypted and hashed with; each use has a key of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet
from django.conf import settings

from ecritoire.accounts.models import Account


@cache
def _key(use: str) -> bytes:
    return hmac.digest(settings.CONFIG.secret("factor-key").encode(), use.encode(), hashlib.sha256)


def seal(text: str) -> str:
    return Fernet(base64.urlsafe_b64encode(_key("seal"))).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    return Fernet(base64.urlsafe_b64encode(_key("seal"))).decrypt(sealed.encode()).decode()


def keyed_hash(use: str, *parts: object) -> str:
    text = "\0".join(str(part) for part in parts)
    return hmac.new(_key(use), text.encode(), hashlib.sha256).hexdigest()


def user_handle(account: Account) -> bytes:
    """What a passkey keeps of its owner: it tells nothing about the person."""
    return bytes.fromhex(keyed_hash("handle", account.pk))
