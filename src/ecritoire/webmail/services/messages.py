"""Acts on messages: marks, moves, deletion, and taking a move back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ecritoire.mailstore.jmap import Invocation, JmapClient, SetError

from ..selectors.folders import Folders
from ..selectors.store import folders_in, mail_call

BATCH = 500
Patch = dict[str, Any]


@dataclass(frozen=True)
class Placed:
    """A message and the folders (ids) that hold it."""

    id: str
    thread_id: str
    folders: frozenset[str]
    received_at: str
    is_draft: bool


@dataclass(frozen=True)
class Moved:
    """What a move changed, as needed to take it back: folder ids by message id."""

    before: dict[str, list[str]]

    @property
    def count(self) -> int:
        return len(self.before)


def messages_open(*, client: JmapClient, ids: Sequence[str]) -> Folders:
    """Mark as read what was just opened; returns the folders with their new counts, in the same round trip."""
    update = {email_id: {"keywords/$seen": True} for email_id in ids}
    return folders_in(mail_call(client, ("Email/set", {"update": update}, "set")))


def messages_of_threads(*, client: JmapClient, thread_ids: Sequence[str]) -> tuple[list[Placed], Folders]:
    """Every message of these conversations, oldest first, and the folders. One round trip."""
    members = {"resultOf": "threads", "name": "Thread/get", "path": "/list/*/emailIds"}
    return _placed(client, ("Thread/get", {"ids": list(thread_ids)}, "threads"), {"#ids": members})


def messages_by_id(*, client: JmapClient, ids: Sequence[str]) -> tuple[list[Placed], Folders]:
    """These messages, as far as they exist, and the folders. One round trip."""
    return _placed(client, None, {"ids": list(ids)})


def messages_mark(*, client: JmapClient, ids: Iterable[str], keyword: str, present: bool) -> None:
    """Set or clear an IMAP keyword such as ``$seen`` or ``$flagged``."""
    _update(client, {email_id: {f"keywords/{keyword}": True if present else None} for email_id in ids})


def messages_move(
    *, client: JmapClient, messages: Iterable[Placed], to: str, keywords: dict[str, bool] | None = None
) -> Moved:
    """Put each message in folder ``to`` and nowhere else. ``keywords`` are set (True) or cleared on the way."""
    marks = {f"keywords/{name}": True if present else None for name, present in (keywords or {}).items()}
    chosen = [message for message in messages if message.folders != {to}]
    _update(client, {message.id: {"mailboxIds": {to: True}, **marks} for message in chosen})
    return Moved({message.id: sorted(message.folders) for message in chosen})


def messages_restore(*, client: JmapClient, moved: Moved) -> int:
    """Put messages back where they were; those since destroyed are passed over. Returns how many came back."""
    update = {email_id: {"mailboxIds": dict.fromkeys(folders, True)} for email_id, folders in moved.before.items()}
    done = 0
    for batch in _batches(update):
        answer = client.call(("Email/set", {"update": batch}, "set"))["set"]
        done += len(answer.get("updated") or {})
    return done


def messages_destroy(*, client: JmapClient, ids: Sequence[str]) -> None:
    """Delete for good. Messages already gone are no error."""
    for start in range(0, len(ids), BATCH):
        client.call(("Email/set", {"destroy": list(ids[start : start + BATCH])}, "set"))


def folder_empty(*, client: JmapClient, folder_id: str) -> int:
    """Destroy every message of a folder; returns how many. One round trip for each ``BATCH`` messages."""
    query = {"filter": {"inMailbox": folder_id}, "limit": BATCH}
    found = {"resultOf": "found", "name": "Email/query", "path": "/ids"}
    count = 0
    while True:
        answers = client.call(("Email/query", query, "found"), ("Email/set", {"#destroy": found}, "set"))
        gone = len(answers["set"].get("destroyed") or [])
        count += gone
        if not gone or len(answers["found"]["ids"]) < BATCH:
            return count


def _placed(client: JmapClient, first: Invocation | None, which: dict[str, Any]) -> tuple[list[Placed], Folders]:
    wanted = {**which, "properties": ["threadId", "mailboxIds", "receivedAt", "keywords"]}
    answers = mail_call(client, *([first] if first else []), ("Email/get", wanted, "emails"))
    emails = sorted(answers["emails"]["list"], key=lambda email: str(email["receivedAt"]))
    placed = [
        Placed(
            email["id"],
            email["threadId"],
            frozenset(email["mailboxIds"]),
            email["receivedAt"],
            "$draft" in email["keywords"],
        )
        for email in emails
    ]
    return placed, folders_in(answers)


def _update(client: JmapClient, update: dict[str, Patch]) -> None:
    """Raises SetError for the first refusal that is not a message already gone."""
    for batch in _batches(update):
        answer = client.call(("Email/set", {"update": batch}, "set"))["set"]
        for error in (answer.get("notUpdated") or {}).values():
            if error["type"] != "notFound":
                raise SetError(error["type"], error.get("description", ""))


def _batches(update: dict[str, Patch]) -> Iterable[dict[str, Patch]]:
    items = list(update.items())
    for start in range(0, len(items), BATCH):
        yield dict(items[start : start + BATCH])
