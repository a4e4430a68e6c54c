"""Folders and messages read from the store over IMAP, a few megabytes at a time."""

from __future__ import annotations

import datetime as dt
import imaplib
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecritoire.mailstore.services import store_connect, store_open

from .names import file_name, imap_name, role_label

if TYPE_CHECKING:
    from ecritoire.accounts.models import Account

WINDOW = 500  # messages whose sizes are asked for at once
BATCH_BYTES, BATCH_MESSAGES = 4 * 1024 * 1024, 200
SECONDS = 120
PROPERTIES = ["name", "parentId", "role", "totalEmails", "sortOrder"]
UID, SIZE = re.compile(rb"UID (\d+)"), re.compile(rb"RFC822\.SIZE (\d+)")
FLAGS, DATE = re.compile(rb"FLAGS \(([^)]*)\)"), re.compile(rb'INTERNALDATE "([^"]+)"')


@dataclass(frozen=True)
class StoredFolder:
    """``path`` is the store's name of it, ``shown`` its parts as a person reads them."""

    pk: str
    path: str
    shown: tuple[str, ...]
    messages: int

    @property
    def label(self) -> str:
        return " / ".join(self.shown)


@dataclass(frozen=True)
class StoredMessage:
    uid: int
    flags: tuple[str, ...]
    at: dt.datetime
    content: bytes


def folders_list(*, account: Account) -> list[StoredFolder]:
    """One's own folders, those with a role first; mailboxes others share are not one's own. Raises StoreUnavailable."""
    with store_open(account=account) as client:
        rows = client.call(("Mailbox/get", {"properties": PROPERTIES}, "m"))["m"]["list"]
    known = {row["id"]: row for row in rows}
    rows.sort(key=lambda row: (row["role"] != "inbox", not row["role"], row["sortOrder"], row["name"].casefold()))
    return [_folder(row, known) for row in rows]


def _folder(row: dict[str, object], known: dict[str, dict[str, object]]) -> StoredFolder:
    branch = [row]
    while (parent := known.get(str(branch[0]["parentId"]))) is not None:
        branch.insert(0, parent)
    path = "/".join("INBOX" if step["role"] == "inbox" else str(step["name"]) for step in branch)
    shown = tuple(role_label(str(step["role"] or "")) or str(step["name"]) for step in branch)
    return StoredFolder(pk=str(row["id"]), path=path, shown=shown, messages=int(str(row["totalEmails"])))


def archive_path(folder: StoredFolder) -> str:
    return "/".join(file_name(step) for step in folder.shown)


class MailReader:
    """A mailbox open for reading. A context manager; raises OSError and imaplib.IMAP4.error."""

    def __init__(self, *, account: Account) -> None:
        self._connection = store_connect(account=account)
        self._connection.sock.settimeout(SECONDS)

    def __enter__(self) -> MailReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.shutdown()

    def size(self, folder: StoredFolder) -> int:
        """Bytes of the messages of a folder."""
        told = self._connection.status(imap_name(folder.path), "(SIZE)")[1][0] or b""
        found = re.search(rb"SIZE (\d+)", told)
        return int(found[1]) if found else 0

    def search(self, folder: StoredFolder, since: dt.date | None, until: dt.date | None) -> Sequence[int]:
        """The UIDs of a folder, of messages that arrived from ``since`` to ``until`` inclusive; opens the folder."""
        outcome, told = self._connection.select(imap_name(folder.path), readonly=True)
        if outcome != "OK":
            raise imaplib.IMAP4.error(str(told))
        asked = ["ALL"]
        asked += ["SINCE", imap_date(since)] if since else []
        asked += ["BEFORE", imap_date(until + dt.timedelta(days=1))] if until else []
        found = self._connection.uid("SEARCH", *asked)[1][0] or b""
        return array("L", map(int, found.split()))

    def messages(self, uids: Sequence[int]) -> Iterator[list[StoredMessage]]:
        """The messages of the open folder, in batches of a few megabytes; those deleted meanwhile are left out."""
        for start in range(0, len(uids), WINDOW):
            for batch in _batches(self._sizes(uids[start : start + WINDOW])):
                yield self._fetch(batch)

    def _sizes(self, uids: Sequence[int]) -> list[tuple[int, int]]:
        answer = self._connection.uid("FETCH", uid_set(uids), "(UID RFC822.SIZE)")[1]
        rows = [row for row in answer if isinstance(row, bytes)]
        found = [(UID.search(row), SIZE.search(row)) for row in rows]
        return [(int(uid[1]), int(size[1])) for uid, size in found if uid and size]

    def _fetch(self, uids: Sequence[int]) -> list[StoredMessage]:
        asked = "(UID FLAGS INTERNALDATE BODY.PEEK[])"
        answer = self._connection.uid("FETCH", uid_set(uids), asked)[1]
        read = []
        for rank, row in enumerate(answer):
            if isinstance(row, tuple):
                after = answer[rank + 1] if rank + 1 < len(answer) else b""
                read.append(_message(row[0] + (after if isinstance(after, bytes) else b""), row[1]))
        return [message for message in read if message is not None]


def _message(facts: bytes, content: bytes) -> StoredMessage | None:
    uid, flags, at = UID.search(facts), FLAGS.search(facts), DATE.search(facts)
    if not (uid and at):
        return None
    when = dt.datetime.strptime(at[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z")
    marks = (flags[1] if flags else b"").decode(errors="replace").split()
    return StoredMessage(int(uid[1]), tuple(mark for mark in marks if mark != "\\Recent"), when, content)


def _batches(sizes: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    batch, weight = list[int](), 0
    for uid, size in sizes:
        if batch and (weight + size > BATCH_BYTES or len(batch) >= BATCH_MESSAGES):
            yield batch
            batch, weight = [], 0
        batch.append(uid)
        weight += size
    if batch:
        yield batch


def uid_set(uids: Sequence[int]) -> str:
    """« 4,7:9 »: neighbours written as a range."""
    ranges = list[list[int]]()
    for uid in uids:
        if ranges and ranges[-1][1] == uid - 1:
            ranges[-1][1] = uid
        else:
            ranges.append([uid, uid])
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in ranges)


def imap_date(day: dt.date) -> str:
    return day.strftime("%d-%b-%Y")
