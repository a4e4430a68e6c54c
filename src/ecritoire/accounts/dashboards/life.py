"""Accounts by state, and how they flow from one to another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from ecritoire.accounts.lifecycle import Event, State
from ecritoire.accounts.models import AccountTransition

from .scope import Scope

WEEKS, DAYS = 12, 14
FLOWS = (Event.PROVISION, Event.ACTIVATE, Event.RENEW, Event.END, Event.DEACTIVATE, Event.PURGE)
"""What is drawn, in this order; the table has every event."""


@dataclass(frozen=True)
class Flow:
    """What happened in a day or a week."""

    start: dt.date
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Event.values, 0))

    def of(self, events: Sequence[Event]) -> list[int]:
        return [self.counts[event] for event in events]


@dataclass(frozen=True)
class SchoolStates:
    uai: str
    name: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def states(scope: Scope) -> dict[str, int]:
    """How many accounts are in each state. One query."""
    found = dict(scope.accounts().order_by().values_list("state").annotate(Count("pk")))
    return {state: found.get(state, 0) for state in State.values}


def by_week(scope: Scope, *, weeks: int = WEEKS) -> list[Flow]:
    """The last ``weeks``, this one last. One query."""
    today = timezone.localdate()
    monday = today - dt.timedelta(days=today.weekday(), weeks=weeks - 1)
    flows = {start: Flow(start) for start in (monday + dt.timedelta(weeks=rank) for rank in range(weeks))}
    rows = _steps(scope, monday).annotate(start=TruncWeek("on")).order_by()
    return _filled(flows, rows.values_list("start", "event").annotate(Count("pk")))


def by_day(scope: Scope, *, days: int = DAYS) -> list[Flow]:
    """The last ``days``, today last. One query."""
    first = timezone.localdate() - dt.timedelta(days=days - 1)
    flows = {start: Flow(start) for start in (first + dt.timedelta(days=rank) for rank in range(days))}
    return _filled(flows, _steps(scope, first).order_by().values_list("on", "event").annotate(Count("pk")))


def _steps(scope: Scope, since: dt.date) -> QuerySet[AccountTransition]:
    rows = AccountTransition.objects.filter(on__gte=since, on__lte=timezone.localdate())
    if scope.structures is None:
        return rows.filter(account__person__organisation=scope.organisation_id)
    return rows.filter(account__in=scope.accounts())


def _filled(flows: dict[dt.date, Flow], rows: Iterable[tuple[dt.date, str, int]]) -> list[Flow]:
    for start, event, count in rows:
        flows[start].counts[event] = count
    return list(flows.values())


def by_school(scope: Scope) -> list[SchoolStates]:
    """One row a school, by name. One query, and one for names: whoever works in two counts in both."""
    rows = scope.posts().filter(person__account__isnull=False).order_by()
    counted = rows.values_list("structure", "person__account__state").annotate(Count("person", distinct=True))
    found: dict[int, dict[str, int]] = {}
    for structure, state, count in counted:
        found.setdefault(structure, {})[state] = count
    schools = scope.schools().filter(pk__in=found).order_by("name")
    return [SchoolStates(row.uai, row.name, found[row.pk]) for row in schools]
