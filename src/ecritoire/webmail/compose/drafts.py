"""Drafts: each save makes a new message and removes the one before in the same call, so that none is ever lost."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from ecritoire.mailstore.jmap import JmapClient, SetError
from ecritoire.mailstore.selectors import role_ids

from ..places import Identity
from .addresses import parse_addresses
from .answers import Message

AGENT = "header:X-Ecritoire-Agent:asAddresses"
"""Which member wrote, in a shared mailbox's own copies: for the team, so it never leaves (``sending.without_private``)."""


@dataclass(frozen=True)
class Saved:
    """A draft in the store: its id, and the blob of its RFC 5322 form."""

    email_id: str
    blob_id: str
    thread_id: str


def draft_save(client: JmapClient, *, message: Message, identity: Identity, replaced: str = "") -> Saved:
    """Save ``message``; the draft ``replaced`` goes, if it is still there. Raises ValidationError for a wrong address."""
    email = _email(client, message, identity)
    answer = client.call(("Email/set", {"create": {"draft": email}, "destroy": [replaced] if replaced else []}, "s"))[
        "s"
    ]
    for error in (answer.get("notCreated") or {}).values():
        raise SetError(error["type"], error.get("description", ""))
    created = answer["created"]["draft"]
    return Saved(created["id"], created["blobId"], created["threadId"])


def _email(client: JmapClient, message: Message, identity: Identity) -> dict[str, Any]:
    domain = (identity.sender["email"] or "").rpartition("@")[2]
    email: dict[str, Any] = {
        "mailboxIds": {role_ids(client)["drafts"]: True},
        "keywords": {"$draft": True, "$seen": True},
        "from": [identity.sender],
        "sender": [identity.agent] if identity.agent and identity.on_behalf else None,
        AGENT: [identity.agent] if identity.agent else None,
        "to": parse_addresses(message.to) or None,
        "cc": parse_addresses(message.cc) or None,
        "bcc": parse_addresses(message.bcc) or None,
        "subject": " ".join(message.subject.split()),
        "messageId": [f"{uuid.uuid4()}@{domain}"],
        "inReplyTo": message.in_reply_to or None,
        "references": message.references[-20:] or None,
        "bodyValues": {"text": {"value": message.body.replace("\r\n", "\n")}},
        "textBody": [{"partId": "text", "type": "text/plain"}],
        "attachments": [
            {"blobId": part["blobId"], "name": part["name"], "type": part["type"], "disposition": "attachment"}
            for part in message.attachments
        ],
    }
    return {key: value for key, value in email.items() if value is not None}


def draft_destroy(client: JmapClient, email_id: str) -> None:
    client.call(("Email/set", {"destroy": [email_id]}, "s"))
