"""When the help desk works: weekly hours less French public holidays and closures. Pure: no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import holidays

HORIZON_DAYS = 60
LONGEST_DAYS = 730
SLOT = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class Range:
    """Part of a weekday (0 = Monday)."""

    weekday: int
    opens: dt.time
    closes: dt.time


@dataclass(frozen=True)
class Calendar:
    """``closed``: pairs of first and last day; on days of ``holidays`` the hours are ``holiday_ranges``.
    All moments are aware; ``zone`` is that of the opening hours."""

    ranges: tuple[Range, ...]
    zone: dt.tzinfo
    closed: tuple[tuple[dt.date, dt.date], ...] = field(default=())
    holidays: tuple[tuple[dt.date, dt.date], ...] = field(default=())
    holiday_ranges: tuple[Range, ...] = field(default=())

    def periods(self, start: dt.datetime, days: int = HORIZON_DAYS) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Open periods from ``start`` on, the first cut short if ``start`` is in it."""
        first = start.astimezone(self.zone).date()
        for offset in range(days + 1):
            day = first + dt.timedelta(days=offset)
            if not self._works(day):
                continue
            for part in self._hours_of(day):
                opens = dt.datetime.combine(day, part.opens, self.zone)
                closes = dt.datetime.combine(day, part.closes, self.zone)
                if closes > start:
                    yield max(opens, start), closes

    def _hours_of(self, day: dt.date) -> list[Range]:
        ranges = self.holiday_ranges if _within(day, self.holidays) else self.ranges
        return sorted((part for part in ranges if part.weekday == day.weekday()), key=lambda part: part.opens)

    def _works(self, day: dt.date) -> bool:
        return day not in public_holidays(day.year) and not _within(day, self.closed)

    def closes_at(self, now: dt.datetime) -> dt.datetime | None:
        """When it closes if it is open now, else None."""
        return next((closes for opens, closes in self.periods(now, 0) if opens <= now), None)

    def opens_at(self, now: dt.datetime) -> dt.datetime | None:
        """The next opening when it is closed now; None when there is none within two months."""
        return next((opens for opens, _closes in self.periods(now)), None)

    def worked_between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Open time between two moments: what a delay of answer is measured in."""
        days = max((end - start).days + 1, 0)
        parts = ((opens, min(closes, end)) for opens, closes in self.periods(start, days))
        return sum((closes - opens for opens, closes in parts if closes > opens), dt.timedelta())

    def after(self, start: dt.datetime, worked: dt.timedelta) -> dt.datetime | None:
        """When so much open time has passed since ``start``; None when it never opens long enough within two years."""
        for opens, closes in self.periods(start, LONGEST_DAYS):
            if closes - opens >= worked:
                return opens + worked
            worked -= closes - opens
        return None

    def slots(self, now: dt.datetime, limit: int) -> list[dt.datetime]:
        """The next whole half-hours that begin later than now."""
        found: list[dt.datetime] = []
        for opens, closes in self.periods(now):
            at = _round_up(opens)
            while at + SLOT <= closes:
                if at > now:
                    found.append(at)
                if len(found) == limit:
                    return found
                at += SLOT
        return found


def _within(day: dt.date, spans: tuple[tuple[dt.date, dt.date], ...]) -> bool:
    return any(first <= day <= last for first, last in spans)


def _round_up(moment: dt.datetime) -> dt.datetime:
    base = moment.replace(minute=0, second=0, microsecond=0)
    while base < moment:
        base += SLOT
    return base


@cache
def public_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("FR", years=year))


def median(values: Sequence[dt.timedelta]) -> dt.timedelta | None:
    if not values:
        return None
    return sorted(values)[len(values) // 2]
