"""Files chosen in the console: kept until they are read, at once when they are small, else by a job."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _

from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.feed.record import Entry
from ecritoire.directory.feed.report import FeedReport
from ecritoire.directory.feed.table import Unreadable
from ecritoire.directory.models import FeedMode, FeedRun, FeedSource

from .deliveries import Part, delivery
from .records import SourceBusy, records_apply
from .watching import source_folder

AT_ONCE = 500_000
"""Bytes (an archive counts tenfold) that a page reads while one waits."""
State = FeedRun.State


def upload_receive(*, source: FeedSource, name: str, chunks: Iterable[bytes], acting_user: Actor) -> FeedRun:
    """Keep the file, with a run that announces it."""
    run = FeedRun.objects.create(
        source=source, file_name=Path(name).name[:200], state=State.READING, acting_login=acting_user.login
    )
    path = _path(run)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o2770)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(chunks)
    audit_record(acting_user=acting_user, action="feed.upload", target=run.file_name, source=source.slug)
    return run


def is_small(run: FeedRun) -> bool:
    path = _path(run)
    return path.stat().st_size * (10 if path.suffix == ".zip" else 1) <= AT_ONCE


def upload_read(*, run: FeedRun) -> FeedReport | None:
    """Simulate what the file says; it is then no longer needed. Raises SourceBusy: nothing is lost, ask again."""
    if run.state != State.READING or run.source is None:
        return None
    try:
        report = _read(run)
    except SourceBusy:
        raise
    except Exception:
        FeedRun.objects.filter(pk=run.pk, state=State.READING).update(state=State.ABANDONED)
        raise
    _path(run).unlink(missing_ok=True)
    return report


def _read(run: FeedRun) -> FeedReport:
    source = run.source
    assert source is not None  # noqa: S101 - the caller looked
    try:
        with delivery(path=_path(run), organisation=source.organisation, source=source) as parts:
            part = _only(parts)
            return _simulate(run, source, part.entries(), part.mode)
    except Unreadable as error:
        return _simulate(run, source, [error.fault], FeedMode.DELTA)


def _simulate(run: FeedRun, source: FeedSource, entries: Iterable[Entry], mode: str) -> FeedReport:
    return records_apply(
        source=source,
        entries=entries,
        mode=mode,
        file_name=run.file_name,
        dry_run=True,
        acting_user=None,
        run=run,
    )


def _only(parts: list[Part]) -> Part:
    if len(parts) != 1:
        raise Unreadable(_("Cette archive contient plusieurs fichiers CSV : déposez-les un par un."), 0)
    return parts[0]


def _path(run: FeedRun) -> Path:
    """The token stands for the name, of which only the ending counts."""
    assert run.source is not None  # noqa: S101 - uploads have one
    suffix = ".zip" if run.file_name.lower().endswith(".zip") else ".csv"
    return source_folder(run.source) / "uploads" / f"{run.token}{suffix}"
