"""Everything a client says goes through the feed's engine, as what its source says."""

from __future__ import annotations

from collections.abc import Iterable

from ecritoire.accounts.models import ApiClient
from ecritoire.directory.feed.record import Entry
from ecritoire.directory.feed.report import FeedReport
from ecritoire.directory.models import FeedRun, FeedSource, SourceRecord
from ecritoire.directory.services import records_apply


def client_apply(
    *, client: ApiClient, entries: Iterable[Entry], label: str, dry_run: bool = False, confirmed: bool = True
) -> FeedReport:
    """Apply what ``client`` says of some people; what it does not speak of stays. In the caller's transaction, which holds the
    source until its end: a second call waits, and sees what the first one wrote.

    ``confirmed``: a call about one person is a decision of its own, and no brake stops it; a batch is braked as a file is.
    """
    source = FeedSource.objects.select_for_update().get(pk=client.source_id)
    return records_apply(
        source=source,
        entries=entries,
        mode=FeedRun.Mode.DELTA,
        file_name=label,
        dry_run=dry_run,
        acting_user=client,
        confirmed=confirmed,
    )


def record_of_key(client: ApiClient, key: str) -> SourceRecord | None:
    found = SourceRecord.objects.filter(source=client.source, external_id=key)
    return found.select_related("person__account").first()
