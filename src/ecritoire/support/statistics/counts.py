"""How many requests of each kind, channel, line, school, hour, week and verdict: one pass over the period for all of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Case, DateTimeField, F, Func, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Least
from django.utils import timezone

from . import parts
from .scope import Scope, opened

KEYS = ("kind", "channel", "queue", "structure")
QUERY = """
SELECT GROUPING(structure, verdict, half), kind, channel, queue, structure, verdict, half, waits, count(*)
FROM ({seen}) AS seen (kind, channel, queue, structure, verdict, half, waits)
GROUP BY GROUPING SETS ((kind, channel, queue), (structure), (verdict), (half, waits))
"""
SCHOOL, VERDICT, HALF = 0b011, 0b101, 0b110
"""What a row is of, by what GROUPING says: a bit for each key that it is not of. Else it is of a kind, a channel and a line."""
NOT_DUE, LATE, KEPT = 0, 1, 2
VERDICTS = 3


@dataclass
class Counts:
    """``clock``: by weekday (1 = Monday) and hour. ``came``: by Monday; ``counted``: those of them that wait or were resolved.

    ``due`` and ``kept``: by step. ``reopened``: by how often, the last of ``parts.TIMES`` standing for as many or more.
    """

    by: dict[str, Counter[Any]] = field(default_factory=lambda: {key: Counter() for key in KEYS})
    clock: Counter[tuple[int, int]] = field(default_factory=Counter)
    came: Counter[dt.date] = field(default_factory=Counter)
    counted: Counter[dt.date] = field(default_factory=Counter)
    due: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    reopened: Counter[int] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.came.total()


def counts_of(scope: Scope) -> Counts:
    counts, zone = Counts(), timezone.get_current_timezone()
    for grouping, *keys, structure, verdict, half, waits, count in _rows(scope):
        if grouping == SCHOOL:
            counts.by["structure"][structure] = count
        elif grouping == VERDICT:
            _add_verdict(counts, verdict, count)
        elif grouping == HALF:
            _add_half(counts, half.astimezone(zone), count, waits)
        else:
            for key, value in zip(KEYS, keys, strict=False):
                counts.by[key][value] += count
    return counts


def _add_half(counts: Counts, local: dt.datetime, count: int, waits: int) -> None:
    """Hours, weekdays and weeks follow from the local half-hour."""
    monday = local.date() - dt.timedelta(days=local.weekday())
    counts.clock[local.isoweekday(), local.hour] += count
    counts.came[monday] += count
    counts.counted[monday] += count * waits


def _verdict() -> Combinable:
    """In one number, which is one group to keep: what is judged of each step, and how often it was opened again."""
    verdict: Combinable = Least(F("reopenings"), Value(parts.TIMES[-1]))
    for step in parts.ENDS:
        judged = Case(
            When(parts.kept(step), then=Value(KEPT)), When(parts.due(step), then=Value(LATE)), default=Value(NOT_DUE)
        )
        verdict = verdict * Value(VERDICTS) + judged
    return verdict


def _add_verdict(counts: Counts, verdict: int, count: int) -> None:
    for step in reversed(parts.ENDS):
        verdict, judged = divmod(verdict, VERDICTS)
        counts.due[step] += count if judged != NOT_DUE else 0
        counts.kept[step] += count if judged == KEPT else 0
    counts.reopened[verdict] += count


class HalfHour(Func):
    """Three times as quick as the local hour, and a whole number of them makes one in every time zone of the Republic."""

    function = "DATE_BIN"
    template = "%(function)s('30 minutes', %(expressions)s, 'epoch')"
    output_field = DateTimeField()


def _rows(scope: Scope) -> list[tuple[Any, ...]]:
    """From the same rows as every list (``opened``)."""
    waits = When(parts.STAYS | Q(resolved_at__isnull=False), then=Value(1))
    asked = {"verdict": _verdict(), "half": HalfHour("created_at"), "waits": Case(waits, default=Value(0))}
    seen = opened(scope).order_by().annotate(**asked).values_list(*KEYS, *asked)
    sql, values = seen.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(QUERY.format(seen=sql), values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
