"""Which browsers of a person are told, and of what."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction

from ecritoire.accounts.models import Account
from ecritoire.support.models import PushSubscription

from .keys import is_known_host

EACH = 20
POINT, SECRET = 65, 16
UNCOMPRESSED = 4


class NotASubscription(Exception):
    """What a browser sent is none; the message names the field."""


@dataclass(frozen=True)
class Choices:
    on_answers: bool
    on_pressing: bool
    with_subject: bool


def digest_of(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()


def subscription_save(
    *, account: Account, endpoint: str, p256dh: str, auth: str, device: str, choices: Choices
) -> PushSubscription:
    """A browser that subscribes, or says again that it does. It is whose session it was in last: a browser has one person
    at a time. The oldest goes when there are too many."""
    _check(endpoint, p256dh, auth)
    values = {
        "account": account,
        "endpoint": endpoint,
        "p256dh": p256dh,
        "auth": auth,
        "device": device[:120],
        "on_answers": choices.on_answers,
        "on_pressing": choices.on_pressing,
        "with_subject": choices.with_subject,
    }
    with transaction.atomic():
        row, _made = PushSubscription.objects.update_or_create(digest=digest_of(endpoint), defaults=values)
        kept = account.push_subscriptions.order_by("-updated_at").values("pk")[:EACH]
        account.push_subscriptions.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    return row


def subscription_change(*, subscription: PushSubscription, choices: Choices) -> None:
    subscription.on_answers, subscription.on_pressing = choices.on_answers, choices.on_pressing
    subscription.with_subject = choices.with_subject
    subscription.save(update_fields=["on_answers", "on_pressing", "with_subject", "updated_at"])


def _check(endpoint: str, p256dh: str, auth: str) -> None:
    try:
        parts = urlsplit(endpoint)
        host = parts.hostname or ""
    except ValueError:
        raise NotASubscription("endpoint") from None
    if parts.scheme != "https" or len(endpoint) > 1000 or parts.username is not None or not is_known_host(host):  # noqa: PLR2004 - the column's length
        raise NotASubscription("endpoint")
    point = _bytes(p256dh, "p256dh")
    if len(point) != POINT or point[0] != UNCOMPRESSED:
        raise NotASubscription("p256dh")
    if len(_bytes(auth, "auth")) != SECRET:
        raise NotASubscription("auth")


def _bytes(text: str, field: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise NotASubscription(field) from None
