"""What a source said of somebody, applied once more because people decided whom it is about."""

from __future__ import annotations

from ecritoire.common.services import Actor
from ecritoire.directory.feed.record import Entry
from ecritoire.directory.feed.report import FeedReport
from ecritoire.directory.models import FeedRun, Person, SourceRecord

from .engine.staging import record_of
from .records import records_apply


def record_give(*, record: SourceRecord, person: Person | None, acting_user: Actor) -> FeedReport:
    """The record is about ``person``, or about nobody known: then ``is_distinct``, for its names and birth would find them again.

    Raises SourceBusy.
    """
    digest, record.digest = record.digest, ""
    record.person, record.is_distinct = person, person is None
    record.save()
    report = entry_apply(record=record, entry=record_of(record.external_id, record.said), acting_user=acting_user)
    SourceRecord.objects.filter(pk=record.pk).update(digest=digest)  # the source's next file will not look changed
    return report


def entry_apply(*, record: SourceRecord, entry: Entry, acting_user: Actor) -> FeedReport:
    """As if the source had sent this alone. Raises SourceBusy."""
    return records_apply(
        source=record.source,
        entries=[entry],
        mode=FeedRun.Mode.DELTA,
        file_name=str(record),
        dry_run=False,
        acting_user=acting_user,
        confirmed=True,
        supersedes=False,
    )
