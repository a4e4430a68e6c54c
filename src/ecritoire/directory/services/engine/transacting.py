"""The one transaction in which a run is compared and, if nothing stands against it, written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.feed.report import FeedReport
from ecritoire.directory.models import FeedRun, FeedSource, StagedEntry

from . import addressing, comparing, matching, refusing, wanting, writing
from .braking import brakes
from .working import Working

State = FeedRun.State

HAS_WORK = """
SELECT EXISTS (
    SELECT 1 FROM directory_stagedentry s WHERE s.token = %(token)s AND s.kind = 'p' AND NOT EXISTS (
        SELECT 1 FROM directory_sourcerecord r WHERE r.source_id = %(source)s AND r.external_id = s.external_id
            AND r.digest = s.digest AND r.gone_on IS NULL)
) OR EXISTS (
    SELECT 1 FROM directory_sourcerecord r WHERE r.source_id = %(source)s AND r.gone_on IS NULL AND (%(absent_are_gone)s OR EXISTS (
        SELECT 1 FROM directory_stagedentry s WHERE s.token = %(token)s AND s.kind = 'r' AND s.external_id = r.external_id))
    AND NOT EXISTS (
        SELECT 1 FROM directory_stagedentry s WHERE s.token = %(token)s AND s.kind = 'p' AND s.external_id = r.external_id)
) OR EXISTS (
    SELECT 1 FROM directory_stagedentry t WHERE t.token = %(token)s AND t.kind = 's' AND NOT EXISTS (
        SELECT 1 FROM directory_structure s WHERE s.uai = t.external_id AND s.organisation_id = %(organisation)s
            AND (s.name, s.kind, s.city) = (t.said ->> 'name', t.said ->> 'kind', coalesce(t.said ->> 'city', ''))
            AND (NOT t.said ? 'key' OR EXISTS (SELECT 1 FROM directory_sourcestructure k
                WHERE k.source_id = %(source)s AND k.external_id = t.said ->> 'key' AND k.structure_id = s.id))))
"""


def has_work(run: FeedRun) -> bool:
    """Something of what is staged is new. A look only."""
    with connection.cursor() as cursor:
        cursor.execute(HAS_WORK, _values(run, absent_are_gone=run.mode == FeedRun.Mode.COMPLETE))
        return bool(cursor.fetchone()[0])


def leave_unchanged(run: FeedRun, report: FeedReport) -> None:
    """Nothing is new: nothing is kept but that the source was heard."""
    staged = StagedEntry.objects.filter(token=run.token)
    people = staged.filter(kind=StagedEntry.Kind.PERSON).count()
    report.people = {"unchanged": people}
    report.counts = {"unchanged": people + staged.filter(kind=StagedEntry.Kind.STRUCTURE).count()}
    staged.delete()
    FeedSource.objects.filter(pk=_source(run).pk).update(last_good_at=timezone.now())


def transact(run: FeedRun, report: FeedReport, dry_run: bool, acting_user: Actor | None) -> None:
    """Compare; then write, or leave everything as it was and say in ``run.state`` why."""
    with transaction.atomic(), connection.cursor() as cursor:
        working = Working(cursor, _values(run, absent_are_gone=False))
        if not dry_run:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [addressing.ALLOCATION_LOCK])
        refusing.refuse_lines(working, report)
        working.values["absent_are_gone"] = run.mode == FeedRun.Mode.COMPLETE and report.ok
        _compare(working, report)
        report.brakes = brakes(working, _source(run))
        run.state = _verdict(run, report, dry_run)
        if run.state == State.APPLYING:
            writing.write(working)
            run.written_at = timezone.now()
        _keep(working, run, report, acting_user)


def _compare(working: Working, report: FeedReport) -> None:
    matching.match(working)
    refusing.refuse_records(working, report)
    comparing.compare_structures(working)
    wanting.want(working)
    addressing.choose(working)
    comparing.compare(working)
    comparing.tell(working, report)


def _verdict(run: FeedRun, report: FeedReport, dry_run: bool) -> FeedRun.State:
    if not report.is_whole or report.faults_total * 100 > report.rows * _source(run).faults_limit:
        return State.REFUSED
    if dry_run:
        return State.DRY_RUN
    return State.WAITING if report.brakes and not run.is_confirmed else State.APPLYING


def _keep(working: Working, run: FeedRun, report: FeedReport, acting_user: Actor | None) -> None:
    """What the run's page shows; the audit event comes last, since others wait for the journal while we hold it."""
    run.rows, run.counts, run.people = report.rows, report.counts, report.people
    run.faults, run.faults_total, run.brakes = report.faults_json(), report.faults_total, report.brakes
    run.save()
    if run.state != State.REFUSED:
        working.values["run"] = run.pk
        writing.note_changes(working)
    if run.state == State.REFUSED or run.written_at:
        StagedEntry.objects.filter(token=run.token).delete()
    if run.written_at:
        audit_record(
            acting_user=acting_user,
            action="feed.apply",
            target=run.file_name,
            within=_source(run).organisation.mail_domain,
            **report.counts,
        )


def _source(run: FeedRun) -> FeedSource:
    assert run.source is not None  # noqa: S101 - every run of the engine has one
    return run.source


def _values(run: FeedRun, *, absent_are_gone: bool) -> dict[str, Any]:
    source, today = _source(run), timezone.localdate()
    return {
        "token": run.token,
        "source": source.pk,
        "slug": source.slug,
        "organisation": source.organisation_id,
        "domain": source.organisation.mail_domain,
        "today": today,
        "bridge": settings.CONFIG.lifecycle.bridge_days,
        "kept_until": today + dt.timedelta(days=settings.CONFIG.lifecycle.alias_days),
        "absent_are_gone": absent_are_gone,
    }
