"""What each part of an archive holds, written entry by entry."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.utils import timezone

from ecritoire.mailstore.dav import DavClient, Home
from ecritoire.mailstore.services_rules import rules_list

from .mbox import mbox_message
from .names import Names, file_name
from .reader import MailReader, StoredMessage
from .zip64 import ZipWriter

if TYPE_CHECKING:
    from ecritoire.accounts.models import Account

MAIL, CONTACTS, CALENDARS, RULES = "courrier/", "contacts/", "agendas/", "filtres/"
SUBJECT = 50
Tick = Callable[[int], None]


class Index:
    """What neither format can hold, as a JSON list beside the messages; written to disk as it grows."""

    def __init__(self, path: Path) -> None:
        self._path, self._first = path, True
        self._file: BinaryIO = path.open("wb")

    def add(self, message: StoredMessage, name: str) -> None:
        row: dict[str, object] = {"file": name} if name else {}
        row |= {
            "uid": message.uid,
            "received": message.at.isoformat(),
            "flags": message.flags,
            "size": len(message.content),
        }
        self._file.write((b"[\n" if self._first else b",\n") + json.dumps(row, ensure_ascii=False).encode())
        self._first = False

    def put_into(self, writer: ZipWriter, name: str) -> None:
        self._file.write(b"[]\n" if self._first else b"\n]\n")
        self._file.close()
        with self._path.open("rb") as file, writer.entry(name, timezone.localtime()) as entry:
            while piece := file.read(1 << 20):
                entry.write(piece)
        self._path.unlink()


def folder_as_mbox(
    reader: MailReader, writer: ZipWriter, base: str, uids: Sequence[int], *, index: Path, tick: Tick
) -> int:
    """``<base>.mbox`` and, beside it, its index."""
    told, written = Index(index), 0
    with writer.entry(f"{base}.mbox", timezone.localtime()) as entry:
        for batch in reader.messages(uids):
            for message in batch:
                entry.write(mbox_message(message.content, message.flags, message.at))
                told.add(message, "")
            written += len(batch)
            tick(len(batch))
    told.put_into(writer, f"{base}.json")
    return written


def folder_as_eml(
    reader: MailReader, writer: ZipWriter, base: str, uids: Sequence[int], *, index: Path, tick: Tick
) -> int:
    """``<base>/2026-11-03 000042 Objet.eml``: byte for byte what the store holds."""
    told, written = Index(index), 0
    for batch in reader.messages(uids):
        for message in batch:
            name = eml_name(message)
            writer.add(f"{base}/{name}", timezone.localtime(message.at), message.content)
            told.add(message, name)
        written += len(batch)
        tick(len(batch))
    told.put_into(writer, f"{base}/index.json")
    return written


def eml_name(message: StoredMessage) -> str:
    """Unique by its UID, sorted by date, recognised by its subject."""
    head = message.content[: message.content.find(b"\r\n\r\n") + 2]
    try:
        subject = str(message_from_bytes(_subject_line(head), policy=policy.default)["Subject"] or "")
    except (ValueError, LookupError):  # a header no reader understands
        subject = ""
    day = timezone.localtime(message.at)
    return file_name(f"{day:%Y-%m-%d} {message.uid:06d} {file_name(subject, SUBJECT)}", 120) + ".eml"


def _subject_line(head: bytes) -> bytes:
    """The subject's line alone with its folds: reading every header would cost more than the message."""
    lowered = b"\r\n" + head.lower()
    start = lowered.find(b"\r\nsubject:")
    if start < 0:
        return b""
    end = start
    while True:
        end = head.find(b"\r\n", end + 1)
        if end < 0 or head[end + 2 : end + 3] not in (b" ", b"\t"):
            return head[start : end if end >= 0 else None]


def collections_write(writer: ZipWriter, account: Account, home: Home) -> int:
    """Every address book as a ``.vcf``, or every calendar as an ``.ics``; returns how many."""
    base, suffix = (CONTACTS, ".vcf") if home == "addressbooks" else (CALENDARS, ".ics")
    names, written = Names(), 0
    with DavClient(account=account) as client:
        for collection in client.collections(home):
            path = names.take(base, file_name(_label(collection.name)), suffix)
            with writer.entry(path, timezone.localtime()) as entry:
                for piece in client.whole(collection):
                    entry.write(piece)
            written += 1
    return written


def _label(name: str) -> str:
    """The store calls the first collection of everybody « personal »."""
    return "Personnel" if name == "personal" else name


def rules_write(writer: ZipWriter, account: Account) -> int:
    """Every Sieve script; the one that runs says so in its name."""
    names, rules = Names(), rules_list(account=account)
    for rule in rules:
        path = names.take(RULES, file_name(rule.name) + (" (actif)" if rule.is_active else ""), ".sieve")
        writer.add(path, timezone.localtime(), rule.text.encode())
    return len(rules)


def readme_write(writer: ZipWriter, text: str, at: dt.datetime) -> None:
    """With a byte-order mark and Windows's line ends: every editor shows it right."""
    writer.add("LISEZMOI.txt", at, ("\ufeff" + text).replace("\n", "\r\n").encode())
