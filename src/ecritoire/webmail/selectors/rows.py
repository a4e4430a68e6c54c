"""The rows of a list, from what the store answered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString

from .addresses import Address, addresses
from .folders import Folder, Folders
from .highlights import highlighted
from .queries import ListQuery
from .store import instant

SHOWN_PEOPLE = 4

Email = dict[str, Any]


@dataclass(frozen=True)
class Sender:
    address: Address
    is_self: bool
    unread: bool


@dataclass(frozen=True)
class Row:
    """One conversation in a list. ``rank`` is its place in the whole list, from 0."""

    thread_id: str
    email_id: str
    rank: int
    senders: list[Sender]
    recipients: list[Address]
    count: int
    subject: SafeString | str
    preview: SafeString | str
    received_at: datetime
    unread: bool
    flagged: bool
    has_attachment: bool
    has_draft: bool
    folders: list[Folder]

    @property
    def is_lone_draft(self) -> bool:
        return self.has_draft and self.count == 1


class RowMaker:
    """Builds the rows of one list; ``own_address`` is the person's, shown as "moi"."""

    def __init__(self, *, query: ListQuery, folders: Folders, own_address: str) -> None:
        self._query = query
        self._folders = folders
        self._own_address = own_address
        self._rubbish = {folder.id for folder in folders if folder.holds_rubbish}

    def rows(self, answers: dict[str, Any]) -> list[Row]:
        """From the answers ``ids``, ``emails`` and, when asked for, ``members`` and ``snippets``."""
        members: dict[str, list[Email]] = defaultdict(list)
        for email in answers.get("members", answers["emails"])["list"]:
            members[email["threadId"]].append(email)
        snippets = {item["emailId"]: item for item in answers.get("snippets", {}).get("list", [])}
        emails = {email["id"]: email for email in answers["emails"]["list"]}
        return [
            self._row(emails[email_id], members[emails[email_id]["threadId"]], rank, snippets.get(email_id, {}))
            for rank, email_id in enumerate(answers["ids"]["ids"], self._query.position)
            if email_id in emails
        ]

    def _row(self, email: Email, thread: list[Email], rank: int, snippet: Email) -> Row:
        shown = [member for member in thread if self._belongs(member)] or [email]
        keywords = [member["keywords"] for member in shown]
        return Row(
            thread_id=email["threadId"],
            email_id=email["id"],
            rank=rank,
            senders=self._senders(shown),
            recipients=addresses((email.get("to") or [])[:SHOWN_PEOPLE]),
            count=len(shown),
            subject=highlighted(snippet.get("subject")) or email.get("subject") or "",
            preview=highlighted(snippet.get("preview")) or email.get("preview") or "",
            received_at=instant(email["receivedAt"]),
            unread=not all("$seen" in marks for marks in keywords),
            flagged=any("$flagged" in marks for marks in keywords),
            has_attachment=any(member.get("hasAttachment") for member in shown),
            has_draft=any("$draft" in marks for marks in keywords),
            folders=[folder for folder in self._folders if folder.id in email["mailboxIds"]],
        )

    def _belongs(self, member: Email) -> bool:
        """Rubbish counts only when looking at rubbish."""
        if self._query.folder in self._rubbish:
            return self._query.folder in member["mailboxIds"]
        return not set(member["mailboxIds"]) <= self._rubbish

    def _senders(self, thread: list[Email]) -> list[Sender]:
        """Everyone who wrote, in order of first appearance, once each."""
        found: dict[str, Sender] = {}
        for email in sorted(thread, key=lambda member: str(member["receivedAt"])):
            for address in addresses(email.get("from"))[:1]:
                known = found.get(address.email)
                unread = "$seen" not in email["keywords"] or bool(known and known.unread)
                found[address.email] = Sender(address, address.email == self._own_address, unread)
        return list(found.values())
