"""Encrypting for one browser (RFC 8291), saying who we are (RFC 8292), and handing it to its push service (RFC 8030).

Worker only: the libraries are imported when something is sent, so that the pages' processes do without them.
"""

from __future__ import annotations

import base64
import json
import logging
import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.lifecycle import OPEN
from ecritoire.common.outbound import Reply, post
from ecritoire.common.roles import Action
from ecritoire.support.models import PushSubscription, Ticket

from . import tasks
from .keys import private_pem

logger = logging.getLogger(__name__)
ANSWER, PRESSING = "answer", "pressing"
LIVES = {ANSWER: 24 * 3600, PRESSING: 3600}
URGENCIES = {ANSWER: "normal", PRESSING: "high"}
ONCE_SECONDS = 600
GONE, AGAIN = {404, 410}, {0, 429, 500, 502, 503, 504}
HANDLING = (Action.TICKET_HANDLE, Action.TICKET_SPECIALIST)
AUTHORITY_SECONDS = 12 * 3600


class TryLater(Exception):
    """The push service could not take it now."""


@dataclass(frozen=True)
class Words:
    title: str
    body: str
    url: str
    tag: str

    def encode(self) -> bytes:
        return json.dumps(self.__dict__, ensure_ascii=False).encode()


def words_of(subscription: PushSubscription, ticket: Ticket, kind: str) -> Words:
    """What a locked screen may show to anybody who looks: neither number nor subject unless the person chose it."""
    told = subscription.with_subject
    if kind == ANSWER:
        title, place = _("Réponse de l'assistance"), reverse("support:mine")
        link = reverse("support:ticket", args=[ticket.number])
        plain = _("Une réponse vous attend.")
    else:
        title, place = _("Demande pressante"), reverse("support:queue")
        link = reverse("support:handle", args=[ticket.number])
        plain = _("Une demande pressante attend l'assistance.")
    return Words(
        title=str(title),
        body=f"{ticket.number} : {ticket.subject}" if told else str(plain),
        url=link if told else place,
        tag=f"{kind}-{ticket.pk}" if told else kind,
    )


def tell(*, ticket: Ticket, kind: str, accounts: list[int]) -> int:
    """One job a browser. An alert that two things raise is told once."""
    rows = PushSubscription.objects.filter(account__in=accounts, account__state__in=OPEN)
    rows = rows.filter(Q(on_answers=True) if kind == ANSWER else Q(on_pressing=True)).select_related("account")
    sent = 0
    for row in rows:
        if kind == PRESSING and not _may_be_alerted(row, ticket):
            continue
        tasks.push_send.defer(subscription_id=row.pk, ticket_id=ticket.pk, kind=kind)
        sent += 1
    return sent


def _may_be_alerted(row: PushSubscription, ticket: Ticket) -> bool:
    if not any(row.account.may(action) for action in HANDLING):
        return False
    return bool(cache.add(f"push:{row.pk}:{ticket.pk}", 1, ONCE_SECONDS))


def send(subscription: PushSubscription, words: Words, kind: str) -> Reply:
    """Raises TryLater when it should be sent again; a browser that unsubscribed is forgotten."""
    body = _encrypted(subscription, words.encode())
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(LIVES[kind]),
        "Urgency": URGENCIES[kind],
        "Authorization": _authorization(subscription.endpoint),
    }
    reply = post(subscription.endpoint, body, headers)
    if reply.ok:
        PushSubscription.objects.filter(pk=subscription.pk).update(last_sent_at=timezone.now())
    elif reply.status in GONE:
        subscription.delete()
    elif reply.status in AGAIN:
        raise TryLater(f"{urlsplit(subscription.endpoint).hostname}: {reply.status}")
    else:
        logger.warning("push refused by %s: %s", urlsplit(subscription.endpoint).hostname, reply.status)
    return reply


def _encrypted(subscription: PushSubscription, text: bytes) -> bytes:
    import http_ece

    sender = ec.generate_private_key(ec.SECP256R1())
    encrypted: bytes = http_ece.encrypt(
        text,
        salt=os.urandom(16),
        private_key=sender,
        dh=_decoded(subscription.p256dh),
        auth_secret=_decoded(subscription.auth),
        version="aes128gcm",
    )
    return encrypted


def _authorization(endpoint: str) -> str:
    from py_vapid import Vapid02

    parts = urlsplit(endpoint)
    now = int(timezone.now().timestamp())
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": now + AUTHORITY_SECONDS,
        "sub": f"mailto:postmaster@{settings.MAIL_DOMAIN}",
    }
    signed: dict[str, str] = Vapid02.from_pem(private_pem()).sign(claims)
    return signed["Authorization"]


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
