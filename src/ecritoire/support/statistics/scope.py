"""Which requests a figure counts. Every figure starts from ``opened``, so that the list behind it is the same rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from django.db.models import QuerySet
from django.utils import timezone

from ecritoire.directory.models import Organisation, Structure
from ecritoire.support.models import Ticket


@dataclass(frozen=True)
class Period:
    """Whole days, both included, in local time: a day of 23 or 25 hours is one day."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def bounds(self) -> tuple[dt.datetime, dt.datetime]:
        """The first moment, and the first moment after it."""
        zone = timezone.get_current_timezone()
        after = self.last + dt.timedelta(days=1)
        return dt.datetime.combine(self.first, dt.time(), zone), dt.datetime.combine(after, dt.time(), zone)

    def previous(self) -> Period:
        """As many days, just before."""
        last = self.first - dt.timedelta(days=1)
        return Period(last - dt.timedelta(days=self.days - 1), last)

    def year_before(self) -> Period:
        """The same days of last year."""
        return Period(_last_year(self.first), _last_year(self.last))


def _last_year(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


@dataclass(frozen=True)
class Scope:
    """One académie's requests opened in a period; of one school or one category when asked.

    ``against`` is what it is compared with: the period just before, or the same days of last year.
    """

    organisation: Organisation
    period: Period
    structure: Structure | None = None
    kind: str = ""
    against: Literal["previous", "year"] = "previous"

    def previous(self) -> Scope:
        is_year = self.against == "year"
        return replace(self, period=self.period.year_before() if is_year else self.period.previous())


def within(scope: Scope) -> QuerySet[Ticket]:
    """Whenever they were opened."""
    rows = Ticket.objects.filter(organisation=scope.organisation)
    if scope.structure:
        rows = rows.filter(structure=scope.structure)
    return rows.filter(kind=scope.kind) if scope.kind else rows


def opened(scope: Scope) -> QuerySet[Ticket]:
    start, end = scope.period.bounds
    return within(scope).filter(created_at__gte=start, created_at__lt=end)
