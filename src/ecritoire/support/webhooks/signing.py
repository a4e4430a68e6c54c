"""Standard Webhooks 1.0: who is called can tell that we wrote it, unaltered, and when."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets

from ecritoire.accounts.services.factor_keys import seal, unseal
from ecritoire.support.models import Webhook

PREFIX, BYTES = "whsec_", 32
FORMER_SIGNS = dt.timedelta(days=1)


def secret_make() -> tuple[str, str]:
    """A secret to show once, and sealed."""
    secret = PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()
    return secret, seal(secret)


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode()


def headers(webhook: Webhook, message_id: str, body: bytes, now: dt.datetime) -> dict[str, str]:
    """Signed with the secret and, for a day after a rotation, with the former one."""
    timestamp = int(now.timestamp())
    sealed = [webhook.secret]
    if webhook.former_secret and webhook.rotated_at and now - webhook.rotated_at < FORMER_SIGNS:
        sealed.append(webhook.former_secret)
    signed = (signature(unseal(secret), message_id, timestamp, body) for secret in sealed)
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signed),
    }
