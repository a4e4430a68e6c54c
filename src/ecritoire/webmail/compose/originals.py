"""The message one answers, forwards or takes up again."""

from __future__ import annotations

from typing import Any

from ecritoire.mailstore.jmap import JmapClient

BODY_BYTES = 300_000
PART = ["partId", "blobId", "size", "name", "type", "cid"]
PROPERTIES = [
    *("id", "keywords", "from", "sender", "to", "cc", "bcc", "replyTo", "subject", "receivedAt", "sentAt", "messageId"),
    *("inReplyTo", "references", "attachments", "textBody", "htmlBody", "bodyValues"),
]
FETCH = {"fetchTextBodyValues": True, "fetchHTMLBodyValues": True, "maxBodyValueBytes": BODY_BYTES}


def original_get(client: JmapClient, email_id: str) -> dict[str, Any] | None:
    """The JMAP Email object (RFC 8621 4), or None. One round trip."""
    wanted = {"ids": [email_id], "properties": PROPERTIES, "bodyProperties": PART, **FETCH}
    found = client.call(("Email/get", wanted, "e"))["e"]["list"]
    return found[0] if found else None


def has_html(email: dict[str, Any]) -> bool:
    return any(part["type"] == "text/html" for part in email["htmlBody"])


def plain_text(email: dict[str, Any]) -> str:
    """The text of the plain parts."""
    parts = [part for part in email["textBody"] if part["type"] != "text/html"]
    return "\n".join(email["bodyValues"].get(part["partId"], {}).get("value", "") for part in parts)
