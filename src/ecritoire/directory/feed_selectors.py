"""Reads of the feeds' console: an académie's own, never another's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from .models import DoubtfulMatch, FeedChange, FeedRun, FeedSource, Person

QUIET = dt.timedelta(days=3)
"""A watched source that says nothing for longer is looked into."""
NAMES_FIRST = ("people_created", "people_ended", "addresses_changed", "deaths")


def source_list(*, organisation_id: int) -> QuerySet[FeedSource]:
    """With how many people each knows, and how many doubts wait."""
    known = Count("records", filter=Q(records__gone_on__isnull=True, records__person__isnull=False))
    return FeedSource.objects.filter(organisation=organisation_id).annotate(known=known).order_by("name", "pk")


def is_quiet(source: FeedSource) -> bool:
    return source.is_watched and (source.last_good_at is None or source.last_good_at < timezone.now() - QUIET)


def run_list(*, organisation_id: int) -> QuerySet[FeedRun]:
    return FeedRun.objects.filter(source__organisation=organisation_id).select_related("source").defer("faults")


def change_list(run: FeedRun, *, kind: str = "") -> QuerySet[FeedChange]:
    changes = FeedChange.objects.filter(run=run)
    return changes.filter(kind=kind) if kind else changes


def kinds_of(run: FeedRun) -> list[tuple[str, int]]:
    """What the run changes, the gravest first."""
    counts = {kind: count for kind, count in run.counts.items() if kind != "unchanged"}
    return sorted(counts.items(), key=lambda pair: (pair[0] not in NAMES_FIRST, pair[0]))


def doubt_list(*, organisation_id: int) -> QuerySet[DoubtfulMatch]:
    """Those that wait, each with its candidates and where they are known from."""
    candidates = Person.objects.prefetch_related("assignments__structure", "addresses", "source_records__source")
    return (
        DoubtfulMatch.objects.filter(
            record__source__organisation=organisation_id, decision=DoubtfulMatch.Decision.PENDING
        )
        .select_related("record__source")
        .prefetch_related(Prefetch("candidates", candidates.order_by("pk")))
    )


def doubts_waiting(*, organisation_id: int) -> int:
    waiting = DoubtfulMatch.objects.filter(decision=DoubtfulMatch.Decision.PENDING)
    return waiting.filter(record__source__organisation=organisation_id).count()


def changes_of(person: Person) -> QuerySet[FeedChange]:
    """What feeds changed of one person, the latest first: for their timeline."""
    applied = FeedChange.objects.filter(person=person, run__written_at__isnull=False)
    return applied.select_related("run__source").defer("run__faults").order_by("-id")


def fault_rows(run: FeedRun) -> list[list[Any]]:
    return [
        [fault.get("file", ""), fault["line"], fault["column"], fault["value"], fault["message"]]
        for fault in run.faults
    ]
