"""What a number counts, said in one word of an address: ``channel:mail``. The number and its list both come from here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay
from django.utils import timezone

from ecritoire.support.models import Ticket

from .scope import Period, Scope, opened, within

BEFORE = "before."
"""In front of a part: of the period it is compared with."""

Rows = QuerySet[Ticket]


def listed(scope: Scope, part: str) -> Rows:
    """The requests a number counts. ValueError when ``part`` is not one."""
    if part.startswith(BEFORE):
        return listed(scope.previous(), part.removeprefix(BEFORE))
    name, _, value = part.partition(":")
    if name in OTHERS:
        return OTHERS[name](scope, value)
    if name not in PARTS:
        raise ValueError(part)
    return PARTS[name](opened(scope), value)


@dataclass(frozen=True)
class Step:
    """Fields of a request: when the step was reached, by when it was due, how long it took in seconds and in open minutes."""

    end: str
    limit: str
    elapsed: str
    spent: str


ENDS = {
    "answer": Step("first_answered_at", "response_due", "answer_seconds", "answer_minutes"),
    "resolution": Step("resolved_at", "resolution_due", "resolution_seconds", "resolution_minutes"),
}
WEEK = range(1, 8)
TIMES = (1, 2, 3)
"""How often a request was opened again; the last stands for as many or more."""


def due(step: str) -> Q:
    """With a target that can be judged: reached, or past its time."""
    end, limit = ENDS[step].end, ENDS[step].limit
    judged = Q(**{f"{end}__isnull": False}) | Q(**{f"{limit}__lt": timezone.now()})
    return Q(**{f"{limit}__isnull": False}) & judged


def kept(step: str) -> Q:
    """Within their target."""
    end, limit = ENDS[step].end, ENDS[step].limit
    return Q(**{f"{limit}__isnull": False, f"{end}__lte": F(limit)})


def measured(step: str) -> Q:
    return Q(**{f"{ENDS[step].end}__isnull": False})


def reopened(times: int = 0) -> Q:
    """By the person: at least once, or so many times."""
    if not times:
        return Q(reopenings__gt=0)
    return Q(reopenings__gte=times) if times == TIMES[-1] else Q(reopenings=times)


def at(rows: Rows, value: str) -> Rows:
    """``1-14``: on Mondays from 14:00 to 14:59, local time."""
    day, hour = (int(part) for part in value.split("-"))
    return clocked(rows).filter(day=day, hour=hour)


def clocked(rows: Rows) -> QuerySet[Any]:
    """Each with its local weekday, ``day``, and ``hour``."""
    zone = timezone.get_current_timezone()
    return rows.annotate(day=ExtractIsoWeekDay("created_at", tzinfo=zone), hour=ExtractHour("created_at", tzinfo=zone))


def _equal(field: str) -> Callable[[Rows, str], Rows]:
    return lambda rows, value: rows.filter(**{field: value})


def _key(field: str) -> Callable[[Rows, str], Rows]:
    """A row's key; nothing for the requests without one."""
    return lambda rows, value: (
        rows.filter(**{field: _number(value)}) if value else rows.filter(**{f"{field}__isnull": True})
    )


def _number(value: str) -> int:
    number = int(value)
    if not 0 <= number < 2**31:
        raise ValueError(value)
    return number


def _step(what: Callable[[str], Q]) -> Callable[[Rows, str], Rows]:
    def narrowed(rows: Rows, value: str) -> Rows:
        if value not in ENDS:
            raise ValueError(value)
        return rows.filter(what(value))

    return narrowed


def _reopened(rows: Rows, value: str) -> Rows:
    times = int(value or 0)
    if value and times not in TIMES:
        raise ValueError(value)
    return rows.filter(reopened(times))


def _rated(rows: Rows, value: str) -> Rows:
    return rows.filter(satisfaction__score=_number(value))


def week_of(period: Period, day: dt.date) -> Period:
    """The days of the period in that day's week."""
    monday = day - dt.timedelta(days=day.weekday())
    return Period(max(monday, period.first), min(monday + dt.timedelta(days=6), period.last))


def _week(scope: Scope, value: str) -> tuple[dt.datetime, dt.datetime]:
    return week_of(scope.period, dt.date.fromisoformat(value)).bounds


def _opened_in(scope: Scope, value: str) -> Rows:
    start, end = _week(scope, value)
    return within(scope).filter(created_at__gte=start, created_at__lt=end)


def _resolved_in(scope: Scope, value: str) -> Rows:
    start, end = _week(scope, value)
    return within(scope).filter(resolved_at__gte=start, resolved_at__lt=end)


def open_at(rows: Rows, moment: dt.datetime) -> Rows:
    """Opened before that moment, and not resolved before it."""
    return rows.filter(STAYS | Q(resolved_at__gte=moment), created_at__lt=moment)


def waiting_at(rows: Rows, moment: dt.datetime) -> int:
    """How many ``open_at`` lists; asked in two, since each half is then read from an index alone."""
    before = rows.order_by().filter(created_at__lt=moment).values("created_at")
    return before.filter(STAYS).union(before.filter(resolved_at__gte=moment), all=True).count()


def _open_after(scope: Scope, value: str) -> Rows:
    return open_at(within(scope), _week(scope, value)[1])


def _of_incident(scope: Scope, value: str) -> Rows:
    return within(scope).filter(incident=_number(value))


STAYS = Q(resolved_at__isnull=True, state__in=Ticket.OPEN)
"""Still open. One that was closed without being resolved (joined to another) never waits by itself."""
PARTS: dict[str, Callable[[Rows, str], Rows]] = {
    "all": lambda rows, _value: rows,
    "kind": _equal("kind"),
    "channel": _equal("channel"),
    "line": _key("queue"),
    "school": _key("structure"),
    "at": at,
    "measured": _step(measured),
    "due": _step(due),
    "kept": _step(kept),
    "reopened": _reopened,
    "score": _rated,
}
OTHERS: dict[str, Callable[[Scope, str], Rows]] = {
    "opened": _opened_in,
    "resolved": _resolved_in,
    "waiting": _open_after,
    "incident": _of_incident,
}
