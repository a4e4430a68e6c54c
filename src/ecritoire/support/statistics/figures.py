"""Shares by type with their trend, and how long people wait. One query each, two with the trend."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Aggregate, Count, DurationField, F

from ecritoire.support.models import Ticket

from .scope import Scope, opened


@dataclass(frozen=True)
class TypeShare:
    """A line of the table of incidents. ``before``: how many in the period before."""

    kind: str
    count: int
    total: int
    before: int

    @property
    def label(self) -> str:
        return str(Ticket.Kind(self.kind).label)

    @property
    def percent(self) -> float:
        return 100 * self.count / self.total if self.total else 0.0

    @property
    def change(self) -> int:
        return self.count - self.before


def by_type(scope: Scope) -> list[TypeShare]:
    """Types met in the period or in the one before, the most frequent first."""
    now, then = _counts(scope), _counts(scope.previous())
    total = sum(now.values())
    rows = [TypeShare(kind, now.get(kind, 0), total, then.get(kind, 0)) for kind in {*now, *then}]
    return sorted(rows, key=lambda row: (-row.count, row.kind))


def _counts(scope: Scope) -> dict[str, int]:
    return dict(opened(scope).order_by().values_list("kind").annotate(count=Count("pk")))


class Percentile(Aggregate):
    """The smallest value that at least this share of the values do not exceed."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class Delay:
    """``count``: the requests measured. No value when there are none."""

    count: int
    median: dt.timedelta | None
    ninth: dt.timedelta | None


def first_answer(scope: Scope) -> Delay:
    return _delay(scope, "first_answered_at")


def resolution(scope: Scope) -> Delay:
    return _delay(scope, "resolved_at")


def _delay(scope: Scope, end: str) -> Delay:
    """Elapsed time from the opening, of the requests that have reached ``end``."""
    rows = opened(scope).filter(**{f"{end}__isnull": False}).annotate(waited=F(end) - F("created_at"))
    shares = {
        name: Percentile("waited", share=share, output_field=DurationField())
        for name, share in (("median", 0.5), ("ninth", 0.9))
    }
    return Delay(**rows.aggregate(count=Count("pk"), **shares))
