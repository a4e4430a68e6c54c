"""How many newcomers activate their account within three months; 98 % is the mark to beat.

Somebody arrives when their account opens. Each counts once a month and category, and in every school where they work or
worked; the sums by school may therefore exceed the total.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Func, Max, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format

from ecritoire.accounts.lifecycle import State
from ecritoire.accounts.models import Account
from ecritoire.directory.models import Person

from .scope import Scope

REFERENCE = 98
MONTHS = 12
SCHOOLS = 40

IN_TIME = Q(activated_at__lte=F("due"))
OUTCOMES: dict[str, Q] = {
    "done": IN_TIME,
    "late": Q(activated_at__gt=F("due")),
    "waiting": Q(activated_at__isnull=True, state=State.PROVISIONED),
    "gone": Q(activated_at__isnull=True) & ~Q(state=State.PROVISIONED),
}


@dataclass(frozen=True)
class Period:
    """Months of arrival, both included."""

    first: dt.date
    last: dt.date

    @property
    def end(self) -> dt.date:
        return months_after(self.last, 1)

    @property
    def months(self) -> int:
        return 12 * (self.last.year - self.first.year) + self.last.month - self.first.month + 1

    def before(self) -> Period:
        """As many months, just before."""
        return Period(months_after(self.first, -self.months), months_after(self.first, -1))

    def a_year_before(self) -> Period:
        return Period(months_after(self.first, -12), months_after(self.last, -12))

    def __str__(self) -> str:
        first, last = date_format(self.first, "F Y"), date_format(self.last, "F Y")
        return first if first == last else f"{first} – {last}"


def months_after(month: dt.date, count: int) -> dt.date:
    rank = 12 * month.year + month.month - 1 + count
    return dt.date(rank // 12, rank % 12 + 1, 1)


def last_months(count: int = MONTHS) -> Period:
    this = timezone.localdate().replace(day=1)
    return Period(months_after(this, 1 - count), this)


@dataclass(frozen=True)
class Share:
    """Of ``total`` newcomers, how many activated in time, late, not yet, or left without. ``settled`` once the three months
    are over for all; ``key`` is what the list of these people is asked for by."""

    label: str
    key: str
    total: int = 0
    done: int = 0
    late: int = 0
    waiting: int = 0
    gone: int = 0
    settled: bool = True

    @property
    def percent(self) -> float:
        return 100 * self.done / self.total if self.total else 0

    @property
    def meets(self) -> bool:
        return self.percent >= REFERENCE


def newcomers(scope: Scope, period: Period | None = None) -> Any:
    """Every account that opened, with the moment by which it counts as activated in time."""
    months = Func(template="INTERVAL '3 months'", output_field=DurationField())
    due = ExpressionWrapper(F("created_at") + months, output_field=DateTimeField())
    rows = scope.accounts().exclude(state=State.ANNOUNCED).annotate(due=due)
    if period is not None:
        rows = rows.filter(created_at__gte=_midnight(period.first), created_at__lt=_midnight(period.end))
    return rows


def with_outcome(rows: Any, outcome: str) -> Any:
    return rows.filter(OUTCOMES[outcome]) if outcome in OUTCOMES else rows


def total(scope: Scope, period: Period | None = None, *, settled_only: bool = True) -> Share:
    """All of the period; those whose three months are over, unless told otherwise. One query."""
    rows = newcomers(scope, period)
    if settled_only:
        rows = rows.filter(due__lte=timezone.now())
    counts = rows.aggregate(**_counts(), last_due=Max("due"))
    last_due = counts["last_due"]
    return Share("", "", **_figures(counts), settled=last_due is None or last_due <= timezone.now())


def by_month(scope: Scope, period: Period) -> list[Share]:
    """Each month of the period, those nobody arrived in too. One query."""
    rows = newcomers(scope, period).annotate(month=TruncMonth("created_at"))
    found = _shares(rows, "month", lambda value: f"{timezone.localtime(value):%Y-%m}", lambda value: "")
    known = {share.key: share for share in found}
    months = [months_after(period.first, rank) for rank in range(period.months)]
    shares = [known.get(f"{month:%Y-%m}", Share("", f"{month:%Y-%m}")) for month in months]
    return [replace(share, label=date_format(month, "F Y")) for share, month in zip(shares, months, strict=True)]


def by_category(scope: Scope, period: Period) -> list[Share]:
    """One query."""
    rows = newcomers(scope, period)
    shares = _shares(rows, "person__category", str, lambda value: str(Person.Category(value).label))
    return sorted(shares, key=lambda share: share.label)


def by_school(scope: Scope, period: Period, *, limit: int | None = SCHOOLS) -> list[Share]:
    """The schools furthest behind first. One query, and one for their names."""
    names = dict(scope.schools().values_list("pk", "name"))
    codes = dict(scope.schools().values_list("pk", "uai"))
    rows = newcomers(scope, period).filter(person__assignments__structure__in=scope.schools())
    shares = _shares(rows, "person__assignments__structure", codes.__getitem__, names.__getitem__)
    return sorted(shares, key=lambda share: (share.percent, -share.total, share.label))[:limit]


def _counts() -> dict[str, Count]:
    outcomes = {name: Count("pk", distinct=True, filter=condition) for name, condition in OUTCOMES.items()}
    return {"total": Count("pk", distinct=True), **outcomes}


def _shares(rows: QuerySet[Account], field: str, key: Callable[[Any], str], label: Callable[[Any], str]) -> list[Share]:
    now = timezone.now()
    grouped = rows.order_by().values(field).annotate(**_counts(), last_due=Max("due"))
    return [
        Share(label(row[field]), key(row[field]), **_figures(row), settled=row["last_due"] <= now) for row in grouped
    ]


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("total", *OUTCOMES)}


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
