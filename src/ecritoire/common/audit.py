"""Is the audit journal whole? Entries altered, removed, slipped in or cut off at the end are each noticed.

Three witnesses: the chain of digests (what lies between two entries), the head the database keeps in a table of its own
(what lies at the end), and a checkpoint the caller kept elsewhere (a journal rewritten as a whole).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.expressions import RawSQL

from .models import AuditEvent
from .services import audit_digest

CHUNK = 5000
FIELDS = ("id", "at", "actor", "action", "target", "detail", "digest")
UNCHAINED = "does not follow from the entry before it: altered, slipped in, or an entry before it was removed"
REWRITTEN = "differs from the checkpoint kept outside the database: the journal was rewritten"
HEAD = "(SELECT ARRAY[entries::text, last_id::text, digest] FROM common_audithead)"


class Checkpoint(NamedTuple):
    """Where the journal stood: its last entry and that entry's digest."""

    last_id: int
    digest: str


@dataclass(frozen=True)
class Fault:
    """``entry`` is the first entry that does not hold; None when what is missing comes after the last one."""

    entry: AuditEvent | None
    reason: str


@dataclass(frozen=True)
class Verification:
    entries: int
    head: Checkpoint
    fault: Fault | None


def audit_verify(*, checkpoint: Checkpoint | None = None) -> Verification:
    """Read the whole journal, stopping at the first fault. One query: entries and head as one moment saw them."""
    count, last, kept = 0, Checkpoint(0, ""), _head()
    for number, at, actor, action, target, detail, digest, kept in _rows():  # noqa: B007 - the head of the same moment
        wanted = audit_digest(previous=last.digest, at=at, actor=actor, action=action, target=target, detail=detail)
        here = Checkpoint(number, digest)
        reason = UNCHAINED if digest != wanted else _rewritten(last, here, checkpoint)
        if reason:
            return Verification(count, last, Fault(AuditEvent.objects.get(pk=number), reason))
        count, last = count + 1, here
    return Verification(count, last, _end_fault(count, last, kept, checkpoint))


def _head() -> list[str] | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {HEAD}")
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


def _rows() -> Iterator[tuple[Any, ...]]:
    events = AuditEvent.objects.order_by("id").annotate(head=RawSQL(HEAD, []))  # noqa: S611 - a constant
    return events.values_list(*FIELDS, "head").iterator(chunk_size=CHUNK)


def _rewritten(before: Checkpoint, here: Checkpoint, checkpoint: Checkpoint | None) -> str:
    passes = checkpoint is not None and before.last_id < checkpoint.last_id <= here.last_id
    return REWRITTEN if passes and here != checkpoint else ""


def _end_fault(count: int, last: Checkpoint, kept: list[str] | None, checkpoint: Checkpoint | None) -> Fault | None:
    if kept != [str(count), str(last.last_id), last.digest]:
        wanted = f"{kept[0]} entries up to number {kept[1]}" if kept else "a head that is gone"
        return Fault(None, f"{count} entries up to number {last.last_id}, where there were {wanted}")
    if checkpoint and checkpoint.last_id > last.last_id:
        return Fault(None, f"the checkpoint kept outside the database saw entry {checkpoint.last_id}")
    return None
