"""One message alone: all its headers, and its HTML body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ecritoire.mailstore.jmap import JmapClient

from .attachments import Attachment, attachments
from .folders import Folders
from .messages import PART_PROPERTIES, PROPERTIES, Message, MessageGoneError, Reader

BODY_BYTES = 1_000_000
WHOLE_BODY_BYTES = 10_000_000


@dataclass(frozen=True)
class Details:
    message: Message
    headers: list[tuple[str, str]]


@dataclass(frozen=True)
class Body:
    """The body as the sender laid it out: ``segments`` are (type, text) with type ``html``, ``text`` or ``image``."""

    segments: list[tuple[str, str]]
    parts: list[Attachment]
    is_truncated: bool

    def blob_by_cid(self, cid: str) -> Attachment | None:
        return next((part for part in self.parts if part.cid == cid), None)


def message_details(*, client: JmapClient, email_id: str, reader: Reader) -> Details:
    """Raises MessageGoneError."""
    wanted = [name for name in PROPERTIES if name != "bodyValues"]
    call = {"ids": [email_id], "properties": [*wanted, "headers"], "bodyProperties": PART_PROPERTIES}
    email = _only(client.call(("Email/get", call, "email"))["email"], email_id)
    headers = [(header["name"], header["value"].strip()) for header in email.get("headers") or []]
    return Details(Message(email, reader.own_domains, reader.server, list(Folders([]))), headers)


def message_body(*, client: JmapClient, email_id: str, whole: bool) -> Body:
    """The body, cut at ``BODY_BYTES`` unless ``whole``. Raises MessageGoneError."""
    limit = WHOLE_BODY_BYTES if whole else BODY_BYTES
    wanted = {"properties": ["htmlBody", "attachments", "bodyValues"], "bodyProperties": PART_PROPERTIES}
    call = {"ids": [email_id], "fetchHTMLBodyValues": True, "maxBodyValueBytes": limit, **wanted}
    email = _only(client.call(("Email/get", call, "email"))["email"], email_id)
    parts, values = email.get("htmlBody") or [], email.get("bodyValues") or {}
    return Body(
        segments=[_segment(part, values) for part in parts],
        parts=attachments([*(email.get("attachments") or []), *parts]),
        is_truncated=any(value.get("isTruncated") for value in values.values()),
    )


def _segment(part: dict[str, Any], values: dict[str, Any]) -> tuple[str, str]:
    kind = str(part.get("type"))
    if kind.startswith("image/"):
        return "image", str(part.get("blobId"))
    value = values.get(str(part.get("partId")), {}).get("value", "")
    return ("html" if kind == "text/html" else "text"), value


def _only(answer: dict[str, Any], email_id: str) -> dict[str, Any]:
    if not answer["list"]:
        raise MessageGoneError(email_id)
    email: dict[str, Any] = answer["list"][0]
    return email
