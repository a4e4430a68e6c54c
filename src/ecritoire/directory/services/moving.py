"""What sources say of one person given to another: two people who were one, or one who was two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.feed.record import Removal
from ecritoire.directory.feed.report import FeedReport
from ecritoire.directory.models import Person, SourceRecord

from .retelling import entry_apply, record_give


class MoveRefused(Exception):
    """Nothing was changed; the text says why."""


def records_move(*, person: Person, records: Sequence[SourceRecord], to: Person | None, acting_user: Actor) -> Person:
    """These records are not about ``person``, but about ``to``, or about somebody not known yet: returned.

    What they said of ``person`` ends yesterday, and counts for the other from its own first day. ``person`` keeps account, address
    and mail; without any work left, they go the way of every end of contract. Raises MoveRefused, SourceBusy; ValueError for
    records of somebody else.
    """
    if not records or any(record.person_id != person.pk for record in records):
        raise ValueError(f"not all of these records are about {person.pk}")
    with transaction.atomic():
        for record in records:
            _check(entry_apply(record=record, entry=Removal(record.external_id), acting_user=acting_user))
        _free_number(person, records)
        for record in records:
            to = _give(record, to, acting_user)
        holder = Person.objects.get(source_records=records[0])
        detail: dict[str, Any] = {"records": [str(record) for record in records], "to": holder.employee_number}
        audit_record(acting_user=acting_user, action="feed.move", target=str(person)[:254], **detail)
    return holder


def _give(record: SourceRecord, to: Person | None, acting_user: Actor) -> Person:
    record.refresh_from_db()
    _check(record_give(record=record, person=to, acting_user=acting_user))
    return Person.objects.get(source_records=record)


def _free_number(person: Person, records: Sequence[SourceRecord]) -> None:
    """A number that only these records gave goes with them; one of our own making, with a colon, takes its place."""
    person.refresh_from_db(fields=["employee_number"])
    numbers = {record.said.get("employee_number") for record in records}
    others = person.source_records.filter(gone_on__isnull=True, said__employee_number=person.employee_number)
    if person.employee_number in numbers and not others.exists():
        person.employee_number = f"parti:{person.pk}"
        person.save(update_fields=["employee_number", "updated_at"])


def _check(report: FeedReport) -> None:
    if not report.ok:
        raise MoveRefused(report.faults[0].message)
