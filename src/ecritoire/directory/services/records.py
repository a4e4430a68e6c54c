"""The one way in for whatever feeds say: read, compared, shown or applied."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable
from contextlib import suppress

from django.db import transaction
from django.utils import timezone

from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.feed.record import Entry
from ecritoire.directory.feed.report import FeedReport
from ecritoire.directory.feed.table import Fault
from ecritoire.directory.models import FeedRun, FeedSource, StagedEntry

from .engine import following, staging, transacting
from .engine.locks import SourceBusy, source_lock

Mode, State = FeedRun.Mode, FeedRun.State
CUT_SHORT = (State.APPLYING, State.INTERRUPTED)
KEPT = (State.DRY_RUN, State.WAITING, *CUT_SHORT)
"""States of the runs whose entries stay staged."""
PATIENCE = {FeedSource.Kind.SCIM: 20.0, FeedSource.Kind.REST: 20.0}
"""Calls from another system wait for each other; a file does not."""

__all__ = ["RunRefused", "SourceBusy", "records_apply", "run_abandon", "run_apply", "runs_recover"]


class RunRefused(Exception):
    """This run cannot be applied, or given up, any more."""


def records_apply(
    *,
    source: FeedSource,
    entries: Iterable[Entry],
    mode: str,
    file_name: str,
    dry_run: bool,
    acting_user: Actor | None,
    confirmed: bool = False,
    supersedes: bool = True,
    run: FeedRun | None = None,
) -> FeedReport:
    """Take in what a source says; unless ``dry_run``, at fault or braked, apply it, whole or not at all.

    ``entries`` are read once and never held. In mode ``complete`` whoever is absent leaves; in a ``delta`` only what is said
    counts. ``confirmed`` lets a run past the brakes; one that ``supersedes`` takes the place of those that wait;
    ``run`` is one that was announced (READING). Raises SourceBusy when another run of the source is at work.
    """
    start, report = time.monotonic(), FeedReport()
    login = acting_user.login if acting_user else "system"
    run = run or FeedRun(source=source, token=uuid.uuid4(), file_name=file_name[:200], acting_login=login)
    run.mode, run.is_confirmed = Mode(mode), confirmed
    with source_lock(source.pk, patience=PATIENCE.get(FeedSource.Kind(source.kind), 0)):
        _make_way(source, _superseded(dry_run) if supersedes else [])
        staging.stage(token=run.token, entries=entries, report=report)
        if report.ok and not dry_run and not transacting.has_work(run):
            transacting.leave_unchanged(run, report)
        else:
            _carry_out(run, report, dry_run, acting_user)
        _note_seconds(run, report, start)
    return report


def _note_seconds(run: FeedRun, report: FeedReport, start: float) -> None:
    report.seconds = time.monotonic() - start
    if run.pk:
        FeedRun.objects.filter(pk=run.pk).update(seconds=report.seconds)


def run_apply(*, run: FeedRun, acting_user: Actor | None, confirmed: bool = False) -> FeedReport:
    """Apply what a simulation showed or a brake stopped, or go on with what was cut short: the file is not read again.

    Raises RunRefused, SourceBusy.
    """
    start = time.monotonic()
    with source_lock(run.source_id or 0):
        run.refresh_from_db()
        if run.source is None or run.state not in KEPT:
            raise RunRefused
        if run.written_at is None and run.rows and not StagedEntry.objects.filter(token=run.token).exists():
            FeedRun.objects.filter(pk=run.pk).update(
                state=State.ABANDONED
            )  # the scratch table does not survive a crash of the database
            raise RunRefused
        run.is_confirmed = run.is_confirmed or confirmed
        report = FeedReport(rows=run.rows)
        report.refuse(*(Fault(**fault) for fault in run.faults))
        _carry_out(run, report, False, acting_user)
        _note_seconds(run, report, start)
    return report


def run_abandon(*, run: FeedRun, acting_user: Actor | None) -> None:
    """Give up a run that was not applied. Raises RunRefused, SourceBusy."""
    with source_lock(run.source_id or 0), transaction.atomic():
        run.refresh_from_db()
        if run.state not in KEPT or run.written_at is not None:
            raise RunRefused
        run.state = State.ABANDONED
        run.save(update_fields=["state", "updated_at"])
        StagedEntry.objects.filter(token=run.token).delete()
        audit_record(acting_user=acting_user, action="feed.abandon", target=run.file_name)


def runs_recover() -> list[FeedReport]:
    """Go on with the runs whose process is gone."""
    reports = []
    for run in FeedRun.objects.filter(state__in=CUT_SHORT, source__isnull=False).defer("faults").order_by("pk"):
        with suppress(SourceBusy, RunRefused):
            reports.append(run_apply(run=run, acting_user=None))
    return reports


def _superseded(dry_run: bool) -> list[FeedRun.State]:
    return [State.DRY_RUN] if dry_run else [State.DRY_RUN, State.WAITING]


def _make_way(source: FeedSource, superseded: list[FeedRun.State]) -> None:
    """Nobody else holds the source's lock: a run not over was cut short. One whose people are written is followed to its end;
    another left the old state and gives way to the newer word, as do those that wait."""
    for run in FeedRun.objects.filter(source=source, state__in=CUT_SHORT, written_at__isnull=False):
        _follow(run, None)
    stale = FeedRun.objects.filter(source=source, state__in=[*superseded, *CUT_SHORT])
    tokens = list(stale.values_list("token", flat=True))
    if tokens:
        StagedEntry.objects.filter(token__in=tokens).delete()
        stale.update(state=State.ABANDONED, updated_at=timezone.now())


def _carry_out(run: FeedRun, report: FeedReport, dry_run: bool, acting_user: Actor | None) -> None:
    try:
        if run.written_at is None:
            if not dry_run:
                run.state = State.APPLYING
                run.save()  # found again, should this process end here
            transacting.transact(run, report, dry_run, acting_user)
        if run.written_at is not None:
            _follow(run, acting_user)
    except Exception:
        FeedRun.objects.filter(token=run.token, state=State.APPLYING).update(state=State.INTERRUPTED)
        raise
    report.faults.sort(key=lambda fault: (fault.line, fault.column))
    report.state, report.run_id = run.state, run.pk


def _follow(run: FeedRun, acting_user: Actor | None) -> None:
    following.follow(run=run, acting_user=acting_user)
    run.state = State.APPLIED
    run.save(update_fields=["state", "updated_at"])
    FeedSource.objects.filter(runs=run).update(last_good_at=timezone.now())
