"""What the tables of one period have in common: each part read once, and only when a table asks for it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Aggregate, Count, IntegerField

from . import parts
from .counts import Counts, counts_of
from .scope import Scope, opened


class Percentiles(Aggregate):
    """The smallest values that at least half, and nine tenths, of the values do not exceed: one sort for both."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = ArrayField(IntegerField())


@dataclass(frozen=True)
class Delay:
    """``count``: the requests measured; ``timed``: those whose open time is known. No value when there are none."""

    count: int
    median: dt.timedelta | None
    ninth: dt.timedelta | None
    timed: int
    open_median: dt.timedelta | None
    open_ninth: dt.timedelta | None


class Figures:
    """The readings of a scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    @cached_property
    def counts(self) -> Counts:
        return counts_of(self.scope)

    @cached_property
    def kinds_before(self) -> Counter[str]:
        """Of the period it is compared with."""
        rows = opened(self.scope.previous()).order_by()
        return Counter(dict(rows.values_list("kind").annotate(count=Count("*"))))

    @cached_property
    def delays(self) -> dict[str, Delay]:
        """Of both steps, in one pass."""
        asked = {f"{step}_{name}": of for step in parts.ENDS for name, of in _asked(step).items()}
        found = opened(self.scope).order_by().aggregate(**asked)
        return {step: _delay(step, found) for step in parts.ENDS}


def _asked(step: str) -> dict[str, Aggregate]:
    elapsed, spent = parts.ENDS[step].elapsed, parts.ENDS[step].spent
    return {
        "count": Count(elapsed),
        "waited": Percentiles(elapsed),
        "timed": Count(spent),
        "open": Percentiles(spent),
    }


def _delay(step: str, found: dict[str, Any]) -> Delay:
    median, ninth = found[f"{step}_waited"] or (None, None)
    open_median, open_ninth = found[f"{step}_open"] or (None, None)
    return Delay(
        count=found[f"{step}_count"],
        median=_span(median),
        ninth=_span(ninth),
        timed=found[f"{step}_timed"],
        open_median=_span(open_median, 60),
        open_ninth=_span(open_ninth, 60),
    )


def _span(value: int | None, seconds: int = 1) -> dt.timedelta | None:
    """``value`` is of so many seconds each."""
    return None if value is None else dt.timedelta(seconds=value * seconds)
