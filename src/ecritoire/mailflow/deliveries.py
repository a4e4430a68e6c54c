"""Taking one message in: whose letterbox it is, whether it came before, what the room does with it; all in one transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from email.message import EmailMessage

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ecritoire.directory.models import MailDomain, Organisation
from ecritoire.directory.organisations import organisation_by_address, organisations

from .letterbox import Letter, LetterRefused, letterboxes, reference_in
from .models import Arrival
from .reading import authenticated, is_automatic, message_id, message_read, sender_address

__all__ = ["LetterRefused", "addressee", "arrivals_purge", "deliver"]

REMEMBERED = dt.timedelta(days=14)  # longer than Postfix keeps a message it cannot deliver
HOUR = dt.timedelta(hours=1)
PLAIN = re.compile(r"[^\s\"();<>,\\]+@[a-z0-9.-]+", re.I)
HOURLY, OWN_HOURLY = 30, 200
"""Messages of one sender in an hour; the next ones count as automatic, so that two programs never answer each other for long.
Our own people have more room: agents answer from their mail."""


def addressee(address: str) -> tuple[str, str, Organisation] | None:
    """Letterbox, extension and académie of an address; None when it is nobody's."""
    local, _, domain = address.strip("<>").rpartition("@")
    box, _, extension = local.partition("+")
    organisation = organisation_by_address(address.strip("<>")) or _more(domain)
    if organisation is None or box.lower() not in letterboxes():
        return None
    return box.lower(), extension, organisation


def _more(domain: str) -> Organisation | None:
    row = MailDomain.objects.filter(domain=domain.lower()).first()
    return organisations().get(row.organisation_id) if row else None


def deliver(*, sender: str, recipient: str, content: bytes) -> bool:
    """Hand a message to its room. False when it had come before. What the room raises is the caller's to tell the MTA."""
    found = addressee(recipient)
    if found is None:
        raise LetterRefused("no such letterbox")
    box, extension, organisation = found
    message = message_read(content)
    told = sender or sender_address(message)
    key = _digest(message_id(message) or hashlib.sha256(content).hexdigest(), sender, recipient)
    with transaction.atomic():
        counted = _digest(told.lower())
        if not Arrival.objects.get_or_create(key=key, defaults={"organisation": organisation, "sender": counted})[1]:
            return False
        letter = Letter(
            box=box,
            organisation=organisation,
            sender=sender,
            recipient=recipient,
            reference=reference_in(box, extension),
            message=message,
            is_automatic=is_automatic(message, sender)
            or _too_many(counted, OWN_HOURLY if organisation_by_address(sender) else HOURLY),
            is_authentic=_is_authentic(message, sender),
            content=content,
        )
        letterboxes()[box](letter)
    return True


def _too_many(sender: str, limit: int) -> bool:
    return Arrival.objects.filter(sender=sender, created_at__gt=timezone.now() - HOUR).count() > limit


def _is_authentic(message: EmailMessage, sender: str) -> bool:
    """Nobody writes under our domains without a sign-in, and only as themselves: then From is the envelope's sender.

    The rest of the world is believed when our filter found its domain aligned.
    """
    written = sender_address(message).lower()
    if organisation_by_address(written) is not None:
        return written == sender.lower()
    return bool(written and PLAIN.fullmatch(sender)) and authenticated(message)


def _digest(*parts: str) -> str:
    """Keyed: an address is not found again from its digest by trying."""
    key = settings.CONFIG.secret("letterbox-key").encode()
    return hmac.new(key, "\0".join(parts).encode(errors="replace"), hashlib.sha256).hexdigest()


def arrivals_purge() -> int:
    return Arrival.objects.filter(created_at__lt=timezone.now() - REMEMBERED).delete()[0]
