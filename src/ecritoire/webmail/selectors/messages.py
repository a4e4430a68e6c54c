"""A conversation to read: its messages in order, with what surrounds them, in one JMAP call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from ecritoire.mailstore.jmap import Invocation, JmapClient

from ..mail_text import text_to_html
from .addresses import Address, addresses
from .attachments import Attachment, attachments, blob_url, listed
from .authentication import Check, authentication_checks
from .folders import Folder, Folders
from .queries import ListQuery
from .store import NEWEST_FIRST, folders_in, instant, mail_call

TEXT_BYTES = 100_000
HEADER = "header:Authentication-Results:all"
AGENT = "header:X-Ecritoire-Agent:asAddresses"
PART_PROPERTIES = ["partId", "blobId", "size", "name", "type", "charset", "disposition", "cid"]
PROPERTIES = [
    *("blobId", "threadId", "mailboxIds", "keywords", "size", "receivedAt", "sentAt", "subject", "preview"),
    *(
        "from",
        "sender",
        "to",
        "cc",
        "bcc",
        "replyTo",
        "textBody",
        "htmlBody",
        "attachments",
        "bodyValues",
        HEADER,
        AGENT,
    ),
]


class MessageGoneError(Exception):
    """The conversation or message does not exist in this person's mailbox (any more)."""


@dataclass(frozen=True)
class Message:
    """One message of a conversation; ``raw`` is the JMAP Email it is read from."""

    raw: dict[str, Any]
    own_domains: frozenset[str]
    server: str
    folders: list[Folder]
    is_open: bool = False

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    @cached_property
    def sender(self) -> Address:
        found = addresses(self.raw.get("from")) or addresses(self.raw.get("sender"))
        return found[0] if found else Address("", "")

    @cached_property
    def agent(self) -> Address | None:
        """Who wrote it for a shared mailbox, as that mailbox's own copies say (``compose.drafts``)."""
        ours = any(folder.shows_recipients for folder in self.folders)
        found = addresses(self.raw.get(AGENT)) if ours else []
        return found[0] if found else None

    @cached_property
    def real_sender(self) -> Address | None:
        """Who sent it on behalf of its author, when it says so (RFC 5322 3.6.2)."""
        found = addresses(self.raw.get("sender"))
        return found[0] if found and found[0].email != self.sender.email else None

    @cached_property
    def to(self) -> list[Address]:
        return addresses(self.raw.get("to"))

    @cached_property
    def cc(self) -> list[Address]:
        return addresses(self.raw.get("cc"))

    @cached_property
    def bcc(self) -> list[Address]:
        return addresses(self.raw.get("bcc"))

    @cached_property
    def reply_to(self) -> list[Address]:
        """Where an answer goes when it is not to the sender."""
        found = addresses(self.raw.get("replyTo"))
        return [] if {address.email for address in found} == {self.sender.email} else found

    @property
    def date(self) -> datetime:
        return instant(self.raw["receivedAt"])

    @property
    def unread(self) -> bool:
        return "$seen" not in self.raw["keywords"]

    @property
    def flagged(self) -> bool:
        return "$flagged" in self.raw["keywords"]

    @property
    def is_draft(self) -> bool:
        return "$draft" in self.raw["keywords"]

    @property
    def preview(self) -> str:
        return self.raw.get("preview") or ""

    @property
    def is_external(self) -> bool:
        return bool(self.sender.email) and self.sender.domain not in self.own_domains

    @cached_property
    def checks(self) -> list[Check]:
        return authentication_checks(self.raw.get(HEADER) or [], server=self.server)

    @property
    def is_unproven(self) -> bool:
        """Whether the sender's own domain disowns the message."""
        return any(check.method == "dmarc" and check.failed for check in self.checks)

    @property
    def has_html(self) -> bool:
        return any(part.get("type") == "text/html" for part in self.raw.get("htmlBody") or [])

    @cached_property
    def text(self) -> SafeString:
        """The body of a message without HTML, ready to print."""
        values = self.raw.get("bodyValues") or {}
        parts = [values.get(part.get("partId"), {}).get("value", "") for part in self.raw.get("textBody") or []]
        return text_to_html("\n".join(part for part in parts if part))

    @property
    def is_truncated(self) -> bool:
        return any(value.get("isTruncated") for value in (self.raw.get("bodyValues") or {}).values())

    @cached_property
    def attachments(self) -> list[Attachment]:
        inside = [part for part in self.raw.get("textBody") or [] if not _is_text(part)]
        return listed(attachments([*inside, *(self.raw.get("attachments") or [])]), has_html=self.has_html)

    @property
    def source_url(self) -> str:
        name = (self.raw.get("subject") or "message")[:80]
        return blob_url(self.raw["blobId"], f"{name}.eml", "message/rfc822")


@dataclass(frozen=True)
class Conversation:
    """``neighbours`` are the addresses of the newer and older conversations of the list it was opened from."""

    thread_id: str
    subject: str
    messages: list[Message]
    hidden: int
    folders: Folders
    folder: Folder | None
    newer: tuple[str, int] | None
    older: tuple[str, int] | None

    @property
    def unread_ids(self) -> list[str]:
        return [message.id for message in self.messages if message.unread and not message.is_draft]

    @property
    def last(self) -> Message:
        return self.messages[-1]

    @property
    def answerable(self) -> Message | None:
        """The newest message that can be answered."""
        return next((message for message in reversed(self.messages) if not message.is_draft), None)

    @property
    def flagged(self) -> bool:
        return any(message.flagged for message in self.messages)


@dataclass(frozen=True)
class Reader:
    """Whose eyes: the domains that are home, and the server whose findings count."""

    own_domains: frozenset[str]
    server: str


def conversation_get(
    *,
    client: JmapClient,
    thread_id: str,
    reader: Reader,
    query: ListQuery | None = None,
    rank: int = 0,
    show_all: bool = False,
) -> Conversation:
    """The conversation with its folders and neighbours. One round trip; raises MessageGoneError.

    ``query`` and ``rank`` say from which list, and where in it, the conversation was opened. Messages in the trash
    or among the junk are left out (and counted in ``hidden``) unless that is where it was opened, or ``show_all``.
    """
    answers = mail_call(client, *_invocations(thread_id, query, rank))
    folders = folders_in(answers)
    folder = folders.get(query.folder) if query else None
    raw = sorted(answers["emails"]["list"], key=lambda email: str(email["receivedAt"]))
    shown = raw if show_all else [email for email in raw if _belongs(email, folder, folders)] or raw
    if not shown:
        raise MessageGoneError(thread_id)
    newer, older = _neighbours(answers, thread_id, rank)
    return Conversation(
        thread_id=thread_id,
        subject=next((email["subject"] for email in shown if email.get("subject")), ""),
        messages=[_message(email, reader, folders, is_last=email is shown[-1]) for email in shown],
        hidden=len(raw) - len(shown),
        folders=folders,
        folder=folder,
        newer=newer,
        older=older,
    )


def _invocations(thread_id: str, query: ListQuery | None, rank: int) -> list[Invocation]:
    members = {"resultOf": "thread", "name": "Thread/get", "path": "/list/*/emailIds"}
    body = {"fetchTextBodyValues": True, "maxBodyValueBytes": TEXT_BYTES, "bodyProperties": PART_PROPERTIES}
    calls: list[Invocation] = [
        ("Thread/get", {"ids": [thread_id]}, "thread"),
        ("Email/get", {"#ids": members, "properties": PROPERTIES, **body}, "emails"),
    ]
    return calls + (_neighbour_invocations(query, rank) if query else [])


def _neighbour_invocations(query: ListQuery, rank: int) -> list[Invocation]:
    """The places around ``rank``: two each way, for the list may have moved a little since."""
    window = {"position": max(rank - 2, 0), "limit": 5}
    ids = {"resultOf": "around", "name": "Email/query", "path": "/ids"}
    search = {"filter": query.jmap_filter(), "sort": NEWEST_FIRST, "collapseThreads": True, **window}
    return [("Email/query", search, "around"), ("Email/get", {"#ids": ids, "properties": ["threadId"]}, "neighbours")]


def _neighbours(
    answers: dict[str, Any], thread_id: str, rank: int
) -> tuple[tuple[str, int] | None, tuple[str, int] | None]:
    if "around" not in answers:
        return None, None
    threads = {email["id"]: str(email["threadId"]) for email in answers["neighbours"]["list"]}
    around = [threads[email_id] for email_id in answers["around"]["ids"] if email_id in threads]
    if thread_id not in around:
        return None, None
    here, start = around.index(thread_id), max(rank - 2, 0)
    newer = (around[here - 1], start + here - 1) if here else None
    older = (around[here + 1], start + here + 1) if here + 1 < len(around) else None
    return newer, older


def _message(email: dict[str, Any], reader: Reader, folders: Folders, *, is_last: bool) -> Message:
    inside = [folder for folder in folders if folder.id in email["mailboxIds"]]
    is_open = is_last or "$seen" not in email["keywords"]
    return Message(email, reader.own_domains, reader.server, inside, is_open)


def _belongs(email: dict[str, Any], folder: Folder | None, folders: Folders) -> bool:
    rubbish = {other.id for other in folders if other.holds_rubbish}
    if folder and folder.holds_rubbish:
        return folder.id in email["mailboxIds"]
    return not set(email["mailboxIds"]) <= rubbish


def _is_text(part: dict[str, Any]) -> bool:
    return str(part.get("type", "")).startswith("text/")
