"""Lockouts counted by week and cause, as rows, as shares and as bars of a drawing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from ecritoire.directory.models import Organisation

from .models import Lockout

WEEKS = 12
HEIGHT, STEP, BAR, BASE = 160, 48, 32, 170
Cause = Lockout.Cause


@dataclass
class Week:
    monday: dt.date
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Cause.values, 0))

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def shares(self) -> list[tuple[int, int]]:
        """For each cause in order, how many and which percentage of the week's."""
        return [(n, round(100 * n / self.total) if self.total else 0) for n in self.counts.values()]


@dataclass(frozen=True)
class Bar:
    cause: str
    label: str
    x: int
    y: int
    width: int
    height: int


def lockouts_of(organisation: Organisation) -> QuerySet[Lockout]:
    """Its people's, and those of names nobody has under its domain."""
    nobody = Q(account=None, login__endswith=f"@{organisation.mail_domain}")
    return Lockout.objects.filter(Q(account__person__organisation=organisation) | nobody)


def lockouts_by_week(*, organisation: Organisation, weeks: int = WEEKS) -> list[Week]:
    """In one académie, the last ``weeks``, this one last, those without a lockout too. One query."""
    today = timezone.localdate()
    monday = today - dt.timedelta(days=today.weekday(), weeks=weeks - 1)
    found = {start: Week(start) for start in (monday + dt.timedelta(weeks=n) for n in range(weeks))}
    since = timezone.make_aware(dt.datetime.combine(monday, dt.time()))
    rows = lockouts_of(organisation).filter(started_at__gte=since).annotate(week=TruncWeek("started_at")).order_by()
    for week, cause, count in rows.values_list("week", "cause").annotate(Count("pk")):
        found[timezone.localdate(week)].counts[cause] = count
    return list(found.values())


def total_of(weeks: Sequence[Week]) -> Week:
    total = Week(weeks[0].monday)
    for week in weeks:
        for cause, count in week.counts.items():
            total.counts[cause] += count
    return total


def bars_of(weeks: Sequence[Week]) -> list[Bar]:
    """Stacked bars, one a week, the highest as high as the drawing."""
    highest = max((week.total for week in weeks), default=0) or 1
    bars = []
    for rank, week in enumerate(weeks):
        y = BASE
        for cause, count in week.counts.items():
            height = round(HEIGHT * count / highest)
            y -= height
            if count:
                bars.append(
                    Bar(cause, f"{week.monday:%d/%m} : {count}", rank * STEP + STEP // 4, y, BAR, max(height, 1))
                )
    return bars
