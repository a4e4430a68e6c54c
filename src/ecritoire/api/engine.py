"""Everything a client says goes through the feed's engine, as what its source says."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import ApiClient
from ecritoire.directory.feed.record import Entry
from ecritoire.directory.feed.report import FeedReport
from ecritoire.directory.models import FeedChange, FeedRun, FeedSource, SourceRecord
from ecritoire.directory.services import records_apply

ENDINGS = ("people_ended", "assignments_ended", "contracts_ended")
FEW = 10
"""Departures in a day that no source needs to explain."""

DEPARTURES = _(
    "Trop de départs en un jour pour cette source : un administrateur doit relever sa limite dans la console."
)


class TooManyDepartures(Exception):
    """One call after the other, a client ends more people in a day than its source's limit lets a file end at once."""


def client_apply(
    *, client: ApiClient, entries: Iterable[Entry], label: str, dry_run: bool = False, is_batch: bool = False
) -> FeedReport:
    """Apply what ``client`` says of some people; what it does not speak of stays. In the caller's transaction, which holds the
    source until its end: a second call waits, and sees what the first one wrote.

    A batch is braked as a file is, and waits in the console. A call about one person is a decision of its own, but what
    a day of them ends is counted. Raises TooManyDepartures, SourceBusy.
    """
    source = FeedSource.objects.select_for_update().get(pk=client.feed.pk)
    report = records_apply(
        source=source,
        entries=entries,
        mode=FeedRun.Mode.DELTA,
        file_name=label,
        dry_run=dry_run,
        acting_user=client,
        confirmed=not is_batch,
    )
    if not (is_batch or dry_run) and any(map(report.counts.get, ENDINGS)) and _ended_today(source) > _limit(source):
        raise TooManyDepartures
    return report


def _ended_today(source: FeedSource) -> int:
    """People it knew before today and who have lost their right by what it said today, one way or the other."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    changes = FeedChange.objects.filter(run__source=source, run__created_at__gte=midnight, kind__in=ENDINGS)
    known = SourceRecord.objects.filter(source=source, created_at__lt=midnight, person__isnull=False)
    over = Q(person__right_until__lt=midnight.date()) | Q(person__right_from__isnull=True)
    return changes.filter(over, person__in=known.values("person")).values("person").distinct().count()


def _limit(source: FeedSource) -> int:
    return max(FEW, SourceRecord.objects.filter(source=source).count() * source.departures_limit // 100)


def record_of_key(client: ApiClient, key: str) -> SourceRecord | None:
    found = SourceRecord.objects.filter(source=client.source, external_id=key)
    return found.select_related("person__account").first()
