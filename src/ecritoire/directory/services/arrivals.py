"""A delivery planned or applied, part by part: the same for a command, an upload and a watched folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from ecritoire.common.services import Actor
from ecritoire.directory.feed.report import PEOPLE, FeedReport
from ecritoire.directory.feed.table import Unreadable
from ecritoire.directory.models import FeedMode, FeedRun, FeedSource, Organisation

from .deliveries import Part, delivery
from .records import records_apply

State = FeedRun.State


@dataclass
class Outcome:
    """The reports of a delivery's parts, each by its source's slug and the part's name."""

    reports: list[tuple[str, str, FeedReport]] = field(default_factory=list)

    @property
    def state(self) -> str:
        """The worst of the parts'."""
        states = [report.state for _slug, _name, report in self.reports]
        return next(
            (s for s in (State.REFUSED, State.WAITING, State.DRY_RUN, State.APPLIED) if s in states), "unchanged"
        )

    def as_json(self) -> dict[str, Any]:
        total = {name: sum(report.people.get(name, 0) for _s, _n, report in self.reports) for name in PEOPLE}
        return {
            "state": self.state,
            "rows": sum(report.rows for _s, _n, report in self.reports),
            **total,
            "refused": sum(report.faults_total for _s, _n, report in self.reports),
            "seconds": round(sum(report.seconds for _s, _n, report in self.reports), 3),
            "sources": [{"source": slug, "name": name} | report.as_json() for slug, name, report in self.reports],
        }


def path_apply(
    *,
    path: Path,
    organisation: Organisation,
    acting_user: Actor | None,
    source: FeedSource | None = None,
    confirmed: bool = False,
) -> Outcome:
    """Apply each part; the first that is refused, or waits, leaves the others undone. Raises Unreadable, SourceBusy."""
    outcome = Outcome()
    with delivery(path=path, organisation=organisation, source=source) as parts:
        for part in parts:
            report = _take(part, path, dry_run=False, acting_user=acting_user, confirmed=confirmed)
            outcome.reports.append((part.source.slug, part.path.name, report))
            if report.state in {State.REFUSED, State.WAITING}:
                break
    return outcome


def path_plan(
    *, path: Path, organisation: Organisation, acting_user: Actor | None, source: FeedSource | None = None
) -> Outcome:
    """What each part would change, once those before it are applied. Raises Unreadable, SourceBusy."""
    with delivery(path=path, organisation=organisation, source=source) as parts:
        if len(parts) == 1:
            report = _take(parts[0], path, dry_run=True, acting_user=acting_user)
            return Outcome([(parts[0].source.slug, parts[0].path.name, report)])
        with _undone():
            return _plan_together(parts, path, acting_user)


def _plan_together(parts: list[Part], path: Path, acting_user: Actor | None) -> Outcome:
    outcome = Outcome()
    for part in parts:
        report = _take(part, path, dry_run=False, acting_user=acting_user, confirmed=True)
        report.run_id = None
        report.state = State.DRY_RUN if report.state == State.APPLIED else report.state
        outcome.reports.append((part.source.slug, part.path.name, report))
    return outcome


@contextmanager
def _undone() -> Iterator[None]:
    """Whatever happens inside has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _take(part: Part, path: Path, *, dry_run: bool, acting_user: Actor | None, confirmed: bool = False) -> FeedReport:
    name = path.name if path.name == part.path.name or part.path.is_dir() else f"{path.name}/{part.path.name}"
    return records_apply(
        source=part.source,
        entries=part.entries(),
        mode=part.mode,
        file_name=name,
        dry_run=dry_run,
        acting_user=acting_user,
        confirmed=confirmed,
    )


def path_refused(*, source: FeedSource, error: Unreadable, file_name: str, acting_user: Actor | None) -> FeedReport:
    """Note a delivery that could not even be opened."""
    entries = iter([error.fault])
    return records_apply(
        source=source, entries=entries, mode=FeedMode.DELTA, file_name=file_name, dry_run=True, acting_user=acting_user
    )
