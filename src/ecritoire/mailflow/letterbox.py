"""Mail addressed to the service itself: rooms above register what they do with it.

``assistance@<domain>`` opens a request, ``assistance+<reference>-<seal>@<domain>`` answers one. The seal is ours: an address nobody was
given is no reference.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

from django.conf import settings

from ecritoire.directory.models import Organisation

SEAL = 10


class LetterRefused(Exception):
    """Not taken, for good: the sender is told why by the MTA. The words are theirs to read."""


@dataclass(frozen=True)
class Letter:
    """A message as it arrived. ``reference`` is what a sealed address named, '' for a new message; ``sender`` is the envelope's.

    ``is_automatic``: an automatic reply, a bounce or a loop (RFC 3834); nothing may be answered to it. ``is_authentic``: the domain
    in From was authenticated (DKIM or SPF aligned, or submitted by its signed-in owner), so From may be believed.
    ``content`` is the message as it came, byte for byte.
    """

    box: str
    organisation: Organisation
    sender: str
    recipient: str
    reference: str
    message: EmailMessage
    is_automatic: bool
    is_authentic: bool
    content: bytes = b""


Handler = Callable[[Letter], None]
_boxes: dict[str, Handler] = {}


def register_letterbox(local_part: str, handler: Handler) -> None:
    """``handler`` runs in a transaction; the message is accepted (250) once it is committed, and kept by the MTA if it fails."""
    _boxes[local_part] = handler


def letterboxes() -> dict[str, Handler]:
    return dict(_boxes)


def sealed_address(box: str, organisation: Organisation, reference: str) -> str:
    """The address at which an answer about ``reference`` (letters, digits and dots, 40 at most) arrives."""
    return f"{box}+{reference}-{_seal(box, reference)}@{organisation.mail_domain}"


def reference_in(box: str, extension: str) -> str:
    """The reference of a sealed address' extension, '' when the seal is not ours."""
    reference, _, seal = extension.rpartition("-")
    return reference if hmac.compare_digest(seal.encode(), _seal(box, reference).encode()) else ""


def _seal(box: str, reference: str) -> str:
    key = settings.CONFIG.secret("letterbox-key").encode()
    digest = hmac.new(key, f"{box}\0{reference.lower()}".encode(), hashlib.sha256).hexdigest()
    return digest[:SEAL]
