"""How an académie's help desk is set, as the other modules use it: read once, kept a few minutes, forgotten at each change.

Defaults are here, in code: a new académie works before anybody has opened a settings page.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from functools import cache as once
from pathlib import Path

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from .hours import Calendar, Range
from .models import DeskSettings, Hotline, RoutingRule, SchoolHoliday, ServiceTarget, Ticket
from .targets import Target

KEPT_SECONDS = 300
NATIONAL = Path(__file__).parent / "data" / "school_holidays.json"
Kind, Priority, Route, Holidays = Ticket.Kind, Ticket.Priority, Ticket.Route, DeskSettings.Holidays
WEEKDAYS = range(5)
OFFICE = tuple(Range(day, dt.time(9), dt.time(17)) for day in WEEKDAYS)
"""Of an académie that has not said its hours."""


@dataclass(frozen=True)
class Rule:
    route: Ticket.Route = Route.DESK
    priority: Ticket.Priority = Priority.NORMAL
    queue_id: int | None = None


@dataclass(frozen=True)
class Period:
    name: str
    first: dt.date
    last: dt.date

    def overlaps(self, other: Period) -> bool:
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class Days:
    """After how many what happens by itself; 0 is never."""

    remind: int
    close: int
    reopen: int


@dataclass(frozen=True)
class Desk:
    calendar: Calendar
    rules: dict[str, Rule]
    targets: dict[int, Target]
    contact_time: dt.timedelta
    days: Days

    def rule(self, kind: str) -> Rule:
        return self.rules.get(kind) or RULES.get(kind, Rule())


RULES: dict[str, Rule] = {
    Kind.TAKEOVER: Rule(priority=Priority.HIGH),
    Kind.PEDAGOGY: Rule(route=Route.SPECIALIST),
    Kind.SCHOOL: Rule(route=Route.CONTACT),
}
TARGETS: dict[int, Target] = {
    Priority.CRITICAL: Target(dt.timedelta(minutes=30), dt.timedelta(hours=4), round_the_clock=True),
    Priority.HIGH: Target(dt.timedelta(hours=2), dt.timedelta(hours=8)),
    Priority.NORMAL: Target(dt.timedelta(hours=8), dt.timedelta(hours=40)),
}


def desk_of(organisation_id: int) -> Desk:
    key = _key(organisation_id)
    known: Desk | None = cache.get(key)
    if known is None:
        known = _read(organisation_id)
        cache.set(key, known, KEPT_SECONDS)
    return known


def desk_forget(organisation_id: int) -> None:
    """At once for the writer, and again when others can read what was written."""
    cache.delete(_key(organisation_id))
    transaction.on_commit(lambda: cache.delete(_key(organisation_id)))


def _key(organisation_id: int) -> str:
    return f"support:desk:2:{organisation_id}"  # the number goes up when ``Desk`` changes


def _read(organisation_id: int) -> Desk:
    settings = settings_of(organisation_id)
    rules = RoutingRule.objects.filter(organisation=organisation_id)
    rows = ServiceTarget.objects.filter(organisation=organisation_id)
    return Desk(
        calendar=_calendar(settings),
        rules={row.kind: Rule(Route(row.route), Priority(row.priority), row.queue_id) for row in rules},
        targets=TARGETS | {row.priority: _target(row) for row in rows},
        contact_time=dt.timedelta(hours=settings.contact_hours),
        days=Days(settings.remind_days, settings.close_days, settings.reopen_days),
    )


def _target(row: ServiceTarget) -> Target:
    minutes = (row.response_minutes, row.resolution_minutes)
    response, resolution = (dt.timedelta(minutes=value) for value in minutes)
    return Target(response, resolution, row.round_the_clock)


def settings_of(organisation_id: int) -> DeskSettings:
    """Those of the académie, unsaved defaults when it has none."""
    found = DeskSettings.objects.filter(organisation=organisation_id).first()
    return found or DeskSettings(organisation_id=organisation_id)


def _calendar(settings: DeskSettings) -> Calendar:
    rows = Hotline.objects.prefetch_related("hours", "closures")
    hotline = rows.filter(organisation=settings.organisation_id).first()
    found = calendar_from(hotline, settings)
    return found if found.ranges else replace(found, ranges=OFFICE)


def calendar_from(hotline: Hotline | None, settings: DeskSettings) -> Calendar:
    """Hours and closures of the hotline, with what the settings say of school holidays."""
    ranges = tuple(Range(row.weekday, row.opens, row.closes) for row in hotline.hours.all()) if hotline else ()
    closed = tuple((row.first, row.last) for row in hotline.closures.all()) if hotline else ()
    return Calendar(ranges, timezone.get_default_timezone(), closed, *holiday_hours(settings))


def holiday_hours(settings: DeskSettings) -> tuple[tuple[tuple[dt.date, dt.date], ...], tuple[Range, ...]]:
    """The days on which other hours hold, and these hours: none when the desk is closed."""
    if settings.holidays == Holidays.USUAL:
        return (), ()
    days = tuple((row.first, row.last) for row in periods_of(settings))
    if settings.holidays == Holidays.CLOSED or not (settings.holiday_opens and settings.holiday_closes):
        return days, ()
    return days, tuple(Range(day, settings.holiday_opens, settings.holiday_closes) for day in WEEKDAYS)


def periods_of(settings: DeskSettings) -> list[Period]:
    """The national calendar of the zone; a period written by hand replaces those it overlaps."""
    rows = SchoolHoliday.objects.filter(organisation=settings.organisation_id)
    written = [Period(row.name, row.first, row.last) for row in rows]
    national = [row for row in national_periods(settings.zone) if not any(row.overlaps(other) for other in written)]
    return sorted([*written, *national], key=lambda row: row.first)


@once
def national_periods(zone: str) -> tuple[Period, ...]:
    rows = json.loads(NATIONAL.read_text())["zones"].get(zone, [])
    day = dt.date.fromisoformat
    return tuple(Period(row["name"], day(row["first"]), day(row["last"])) for row in rows)
