"""Entries copied into the scratch table, as they come."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from ecritoire.directory.addresses import fold, local_part
from ecritoire.directory.feed.record import Absence, Entry, Posting, Removal, StaffRecord, StructureRecord, Term
from ecritoire.directory.feed.report import FeedReport
from ecritoire.directory.feed.table import Fault, Unreadable

from .checking import refusals

COPY = "COPY directory_stagedentry (token, seq, kind, line, external_id, digest, said) FROM STDIN"
BUNDLE = 1_000
LISTS: dict[str, type[Posting | Term | Absence]] = {"postings": Posting, "terms": Term, "absences": Absence}
DAYS = {"birth_date", "deceased_on", "starts_on", "ends_on"}
TEXTS = (
    "employee_number",
    "title",
    "family_name",
    "given_name",
    "birth_name",
    "category",
    "private_email",
)


def stage(*, token: UUID, entries: Iterable[Entry], report: FeedReport) -> None:
    """Copy every entry that is in order; the others become faults of ``report``.

    A bundle at a time: a reader may itself look things up, which the connection cannot do while it copies.
    """
    read = enumerate(_readable(entries, report))
    with transaction.atomic(), connection.cursor() as cursor:
        while bundle := list(islice(read, BUNDLE)):
            rows = [row for seq, entry in bundle if (row := _checked(seq, entry, report))]
            with cursor.copy(COPY) as copy:
                for row in rows:
                    copy.write_row((str(token), *row))
        cursor.execute("ANALYZE directory_stagedentry")


def _checked(seq: int, entry: Entry, report: FeedReport) -> tuple[int, str, int, str, str, str] | None:
    if isinstance(entry, Fault):
        report.refuse(entry)
        return None
    report.rows += 1
    if faults := refusals(entry):
        report.refuse(*faults)
        return None
    return (seq, *_row(entry))


def _readable(entries: Iterable[Entry], report: FeedReport) -> Iterator[Entry]:
    """A reader that gives up half-way says so by a last fault."""
    try:
        yield from entries
    except Unreadable as error:
        report.is_whole = False
        yield error.fault


def _row(entry: StaffRecord | StructureRecord | Removal) -> tuple[str, int, str, str, str]:
    """kind, line, external_id, digest, said."""
    if isinstance(entry, Removal):
        return "r", entry.line, entry.external_id, "", "{}"
    if isinstance(entry, StructureRecord):
        return "s", entry.line, entry.uai, "", _json(_structure(entry))
    text = _json(said_of(entry))
    return "p", entry.line, entry.external_id, hashlib.blake2b(text.encode(), digest_size=16).hexdigest(), text


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _structure(entry: StructureRecord) -> dict[str, Any]:
    search = fold(f"{entry.name} {entry.city} {entry.uai}")[:300]
    said = {"name": entry.name, "kind": entry.kind, "city": entry.city, "search": search}
    return said | {"key": entry.external_id} if entry.external_id else said


def said_of(record: StaffRecord) -> dict[str, Any]:
    """A record as it is kept: nothing that says nothing, dates in ISO form, and the folded names that look-ups need."""
    said: dict[str, Any] = {name: value for name in TEXTS if (value := getattr(record, name))}
    said |= {name: day.isoformat() for name in ("birth_date", "deceased_on") if (day := getattr(record, name))}
    said |= {name: [_item(item) for item in items] for name in LISTS if (items := getattr(record, name))}
    said["search"] = fold(f"{record.given_name} {record.family_name}")[:200]
    if record.birth_name:
        said["birth_search"] = fold(f"{record.given_name} {record.birth_name}")[:200]
    # Numbers at the end tell homonyms apart: a name may not end in one.
    said["local"] = local_part(record.given_name, record.family_name).rstrip("0123456789.-") or "agent"
    return said


def _item(item: Any) -> dict[str, str]:
    values = {name: getattr(item, name) for name in item.__slots__}
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items() if value}


def record_of(external_id: str, said: dict[str, Any]) -> StaffRecord:
    """The record that was kept as ``said``."""
    values: dict[str, Any] = {name: said.get(name, "") for name in TEXTS} | _days(
        {name: said.get(name) for name in ("birth_date", "deceased_on")}
    )
    values |= {name: tuple(kind(**_blank(kind, item)) for item in said.get(name, ())) for name, kind in LISTS.items()}
    return StaffRecord(external_id=external_id, **values)


def _blank(kind: type[Any], item: dict[str, Any]) -> dict[str, Any]:
    """An item's values, with an empty text for what it does not say."""
    return {name: "" for name in kind.__slots__ if name not in DAYS} | _days(item)


def _days(values: dict[str, Any]) -> dict[str, Any]:
    return {name: dt.date.fromisoformat(value) if name in DAYS and value else value for name, value in values.items()}
