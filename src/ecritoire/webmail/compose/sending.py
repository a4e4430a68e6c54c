"""Sending: the draft is final before anything leaves, and becomes the sent copy once Postfix has accepted it.

A crash in between leaves the draft: a message may then be sent twice by its writer, and is never lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from ecritoire.accounts.models import Account
from ecritoire.mailflow.submission import SubmissionError, message_submit
from ecritoire.mailstore.jmap import JmapClient
from ecritoire.mailstore.selectors import role_ids

from ..places import Identity
from .addresses import parse_addresses
from .answers import Message
from .drafts import Saved, draft_save

DAY = 86_400
PRIVATE = (b"bcc:", b"x-ecritoire-agent:")


@dataclass(frozen=True)
class Outcome:
    """``error`` is None once the message has left; otherwise the draft ``draft_id`` keeps it."""

    draft_id: str
    error: SubmissionError | None = None


class AlreadySent(Exception):
    """This very form was sent a moment ago: a second click, or a page reloaded."""


def message_send(
    client: JmapClient,
    *,
    account: Account,
    message: Message,
    identity: Identity,
    replaced: str,
    answered: str,
    mode: str,
    token: str,
    client_address: str,
) -> Outcome:
    """Send once for each ``token``. Raises AlreadySent, or ValidationError for a wrong address."""
    key = f"sent:{account.pk}:{token}"
    if not cache.add(key, 1, DAY):
        raise AlreadySent
    try:
        saved = draft_save(client, message=message, identity=identity, replaced=replaced)
        _submit(client, account, saved, identity, message, client_address)
    except SubmissionError as error:
        cache.delete(key)
        return Outcome(saved.email_id, error)
    except Exception:
        cache.delete(key)
        raise
    _file(client, saved, answered, mode)
    return Outcome(saved.email_id)


def _submit(
    client: JmapClient, account: Account, saved: Saved, identity: Identity, message: Message, client_address: str
) -> None:
    content = b"".join(client.download(saved.blob_id, "message/rfc822").chunks)
    message_submit(
        login=account.login,
        sender=str(identity.sender["email"]),
        recipients=recipients_of(message),
        message=without_private(content),
        client_address=client_address,
    )


def recipients_of(message: Message) -> list[str]:
    people = [*parse_addresses(message.to), *parse_addresses(message.cc), *parse_addresses(message.bcc)]
    return list(dict.fromkeys(str(person["email"]) for person in people))


def without_private(content: bytes) -> bytes:
    """The message as it leaves: blind copies (RFC 5322 3.6.3), and which member of a team wrote, stay in the sender's own
    copy only."""
    head, separator, body = content.partition(b"\r\n\r\n")
    kept: list[bytes] = []
    skipping = False
    for line in head.split(b"\r\n"):
        skipping = line[:1] in b" \t" if skipping and line[:1] else line.lower().startswith(PRIVATE)
        if not skipping:
            kept.append(line)
    return b"\r\n".join(kept) + separator + body


def _file(client: JmapClient, saved: Saved, answered: str, mode: str) -> None:
    """From Drafts to Sent, and the original marked as answered or forwarded."""
    roles = role_ids(client)
    update: dict[str, Any] = {
        saved.email_id: {
            f"mailboxIds/{roles['drafts']}": None,
            f"mailboxIds/{roles['sent']}": True,
            "keywords/$draft": None,
        }
    }
    if answered:
        update[answered] = {"keywords/$forwarded" if mode == "forward" else "keywords/$answered": True}
    client.call(("Email/set", {"update": update}, "s"))
