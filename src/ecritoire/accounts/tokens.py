"""One-minute tokens: the only password the mail store and the submission service ever see.

A token is ``<expiry>.<HMAC>`` over the store id and expiry: it needs no table, so checking one costs no query, and it
ends by itself. A token opens one mailbox, for one minute, and cannot be turned into another.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from functools import cache

from launcher import config

TOKEN_SECONDS = 60


@cache
def _key() -> bytes:
    return config.load().secret("mail-token-key").encode()


def _digest(store_id: str, expiry: str) -> str:
    return hmac.new(_key(), f"{store_id}\0{expiry}".encode(), hashlib.sha256).hexdigest()


def token_issue(store_id: str) -> str:
    """A token for ``store_id``, good for one minute from now."""
    expiry = str(int(time.time()) + TOKEN_SECONDS)
    return f"{expiry}.{_digest(store_id, expiry)}"


def token_check(store_id: str, token: str) -> bool:
    """Whether ``token`` opens ``store_id`` now. Constant time in the token's secret part."""
    expiry, _, digest = token.partition(".")
    if not expiry.isascii() or not expiry.isdigit() or int(expiry) < time.time():
        return False
    return hmac.compare_digest(digest.encode(), _digest(store_id, expiry).encode())
