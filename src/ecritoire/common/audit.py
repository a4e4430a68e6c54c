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
FIELDS = ("id", "at", "actor", "action", "target", "detail", "domain", "digest")
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


def audit_verify(*, checkpoint: Checkpoint | None = None, only_after: bool = False) -> Verification:
    """Read the journal, stopping at the first fault: the whole of it, or ``only_after`` the checkpoint.

    One query for the entries, each with the head as the same moment saw it.
    """
    start = checkpoint if only_after and checkpoint else Checkpoint(0, "")
    if start.last_id and not AuditEvent.objects.filter(pk=start.last_id, digest=start.digest).exists():
        return Verification(0, start, Fault(None, f"entry {start.last_id}, which the checkpoint saw, is gone"))
    count, last, kept = 0, start, _head()
    for number, at, actor, action, target, detail, domain, digest, kept in _rows(start):  # noqa: B007 - the head of that moment
        said = {"at": at, "actor": actor, "action": action, "target": target, "detail": detail, "domain": domain}
        wanted = audit_digest(previous=last.digest, **said)
        here = Checkpoint(number, digest)
        reason = UNCHAINED if digest != wanted else _rewritten(last, here, checkpoint)
        if reason:
            return Verification(count, last, Fault(AuditEvent.objects.get(pk=number), reason))
        count, last = count + 1, here
    whole = count if start.last_id == 0 else None
    return Verification(count, last, _end_fault(whole, last, kept, checkpoint))


def _head() -> list[str] | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {HEAD}")
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


def _rows(start: Checkpoint) -> Iterator[tuple[Any, ...]]:
    events = AuditEvent.objects.filter(pk__gt=start.last_id) if start.last_id else AuditEvent.objects.all()
    carried = events.order_by("id").annotate(head=RawSQL(HEAD, []))  # noqa: S611 - a constant
    return carried.values_list(*FIELDS, "head").iterator(chunk_size=CHUNK)


def _rewritten(before: Checkpoint, here: Checkpoint, checkpoint: Checkpoint | None) -> str:
    passes = checkpoint is not None and before.last_id < checkpoint.last_id <= here.last_id
    return REWRITTEN if passes and here != checkpoint else ""


def _end_fault(count: int | None, last: Checkpoint, kept: list[str] | None, seen: Checkpoint | None) -> Fault | None:
    """``count`` is None when only a part was read: the head then says where the end is, not how many came before."""
    if kept is None:
        return Fault(
            None, f"the journal ends at entry {last.last_id}, and the head that says whether it should is gone"
        )
    entries, last_id, digest = kept
    if [last_id, digest] != [str(last.last_id), last.digest] or count not in (None, int(entries)):
        held = last.last_id if count is None else f"{last.last_id}, {count} in all"
        return Fault(None, f"it ends at entry {held}, where it went to entry {last_id}, {entries} in all")
    if seen and seen.last_id > last.last_id:
        return Fault(None, f"the checkpoint kept outside the database saw entry {seen.last_id}")
    return None
