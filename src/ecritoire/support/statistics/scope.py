"""Which requests a figure counts. Every figure starts from ``opened``, so that the list behind it is the same rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

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


@dataclass(frozen=True)
class Scope:
    """One académie's requests opened in a period; of one school or one category when asked."""

    organisation: Organisation
    period: Period
    structure: Structure | None = None
    kind: str = ""

    def previous(self) -> Scope:
        return replace(self, period=self.period.previous())


def opened(scope: Scope) -> QuerySet[Ticket]:
    start, end = scope.period.bounds
    rows = Ticket.objects.filter(organisation=scope.organisation, created_at__gte=start, created_at__lt=end)
    if scope.structure:
        rows = rows.filter(structure=scope.structure)
    return rows.filter(kind=scope.kind) if scope.kind else rows
