"""The health of HR feeds: when each source last spoke, what was refused, what waits for somebody, what came in."""

from __future__ import annotations

import datetime as dt
import statistics
from dataclasses import dataclass, field
from itertools import pairwise

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from ecritoire.directory.models import DoubtfulMatch, FeedRun, FeedSource

RUNS, SHOWN = 30, 12
KINDS = ("created", "changed", "ended")
QUIET = dt.timedelta(days=2)
State = FeedRun.State
STOPPED = {State.REFUSED, State.WAITING, State.INTERRUPTED}


@dataclass
class Health:
    """One source. ``runs`` are its last readings that were meant to be applied, the newest first."""

    source: FeedSource
    runs: list[FeedRun] = field(default_factory=list)
    doubts: int = 0

    @property
    def last(self) -> FeedRun | None:
        return self.runs[0] if self.runs else None

    @property
    def last_applied(self) -> FeedRun | None:
        return next((run for run in self.runs if run.state == State.APPLIED), None)

    @property
    def is_stopped(self) -> bool:
        """Its last reading was refused, waits for a confirmation or was cut short."""
        return self.last is not None and self.last.state in STOPPED

    @property
    def rhythm(self) -> dt.timedelta:
        """The usual time between two readings."""
        moments = [run.created_at for run in self.runs]
        gaps = [(later - sooner).total_seconds() for later, sooner in pairwise(moments)]
        return dt.timedelta(seconds=statistics.median(gaps)) if gaps else dt.timedelta()

    @property
    def is_late(self) -> bool:
        """Nothing in order for three times as long as usual."""
        good = self.last_applied
        return good is not None and timezone.now() - good.created_at > max(QUIET, 3 * self.rhythm)

    @property
    def status(self) -> str:
        if not self.runs:
            return "silent"
        if self.is_stopped:
            return "stopped"
        return "late" if self.is_late else "good"

    def volumes(self) -> list[tuple[FeedRun, list[int]]]:
        """How many people each applied reading created, changed and ended, the oldest first."""
        applied = [run for run in self.runs if run.state == State.APPLIED][:SHOWN]
        return [(run, [int(run.people.get(kind, 0)) for kind in KINDS]) for run in reversed(applied)]


def feeds_health(organisation_id: int) -> list[Health]:
    """Every active source of an académie. Three queries."""
    sources = FeedSource.objects.filter(organisation=organisation_id, is_active=True)
    found = {source.pk: Health(source) for source in sources}
    rank = Window(RowNumber(), partition_by=F("source"), order_by=F("pk").desc())
    meant = FeedRun.objects.filter(source__in=found).exclude(state__in=[State.DRY_RUN, State.ABANDONED])
    for run in meant.annotate(rank=rank).filter(rank__lte=RUNS).order_by("-pk").defer("faults"):
        if run.source_id is not None:
            found[run.source_id].runs.append(run)
    waiting = DoubtfulMatch.objects.filter(record__source__in=found, decision=DoubtfulMatch.Decision.PENDING)
    for source, count in waiting.values_list("record__source").annotate(Count("pk")).order_by():
        found[source].doubts = count
    return list(found.values())
