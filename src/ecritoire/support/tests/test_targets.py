"""When answers are due: open time only, the time the desk could do nothing left out."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ecritoire.support.hours import Calendar, Range
from ecritoire.support.targets import Change, Pause, Target, due, pauses

PARIS = ZoneInfo("Europe/Paris")
WEEK = tuple(
    Range(day, dt.time(*opens), dt.time(*closes))
    for day in range(5)
    for opens, closes in (((8, 30), (12, 0)), ((13, 30), (17, 0)))
)
TOUSSAINT = ((dt.date(2026, 10, 17), dt.date(2026, 11, 1)),)
CALENDAR = Calendar(WEEK, PARIS, (), TOUSSAINT, (Range(0, dt.time(9), dt.time(12)),))
TARGET = Target(dt.timedelta(hours=2), dt.timedelta(hours=8))
MINUTE = dt.timedelta(minutes=1)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> dt.datetime:
    """In 2026; the 23rd of November is a Monday."""
    return dt.datetime(2026, month, day, hour, minute, tzinfo=PARIS)


def due_at(opened: dt.datetime, within: dt.timedelta, stops: list[Pause] | None = None, target: Target = TARGET):
    return due(calendar=CALENDAR, target=target, within=within, opened=opened, stops=stops or []).at


def test_it_works() -> None:
    assert due_at(at(23, 11), TARGET.response) == at(23, 14, 30)


def test_an_evening_and_a_weekend_do_not_count() -> None:
    assert due_at(at(27, 16), TARGET.response) == at(30, 9, 30)


def test_four_fifths_are_told_before() -> None:
    found = due(calendar=CALENDAR, target=TARGET, within=dt.timedelta(minutes=100), opened=at(23, 9), stops=[])
    assert found.warn_at == at(23, 10, 20)


def test_reduced_hours_in_school_holidays() -> None:
    assert due_at(at(19, 9, month=10), dt.timedelta(hours=4)) == at(26, 10, month=10)


def test_a_critical_one_runs_day_and_night() -> None:
    night = Target(dt.timedelta(minutes=30), dt.timedelta(hours=4), round_the_clock=True)
    assert due_at(at(28, 23), night.response, target=night) == at(28, 23, 30)


def test_nothing_is_due_while_the_person_is_awaited() -> None:
    assert due_at(at(23, 9), TARGET.resolution, [Pause(at(23, 10), None)]) is None


def test_nothing_is_due_of_a_desk_that_never_opens() -> None:
    shut = Calendar((), PARIS)
    assert due(calendar=shut, target=TARGET, within=MINUTE, opened=at(23, 9), stops=[]).at is None


def test_pauses_are_read_from_what_changed() -> None:
    steps = [
        Change(at(23, 10), state="in_progress", route="desk"),
        Change(at(23, 11), state="waiting"),
        Change(at(23, 12), state="resolved"),
        Change(at(24, 9), state="in_progress"),
        Change(at(24, 10), state="waiting"),
    ]
    assert pauses(at(23, 9), "contact", steps) == [
        Pause(at(23, 9), at(23, 10)),
        Pause(at(23, 11), at(24, 9)),
        Pause(at(24, 10), None),
    ]


moments = st.integers(0, 60 * 24 * 60).map(lambda minutes: at(1, 0, month=10) + minutes * MINUTE)
spans = st.integers(1, 60 * 40).map(lambda minutes: minutes * MINUTE)


@given(opened=moments, within=spans)
def test_never_due_in_closed_time(opened, within) -> None:
    found = due_at(opened, within)
    assert found is not None
    assert found > opened
    assert CALENDAR.worked_between(found - MINUTE, found) > dt.timedelta()


@given(opened=moments, within=spans)
def test_exactly_that_much_open_time_has_passed(opened, within) -> None:
    found = due_at(opened, within)
    assert found is not None
    assert CALENDAR.worked_between(opened, found) == within


@given(opened=moments, within=spans, after=spans, length=spans)
def test_a_pause_pushes_by_its_open_time(opened, within, after, length) -> None:
    stop = Pause(opened + after, opened + after + length)
    found = due_at(opened, within, [stop])
    assert found is not None
    assert CALENDAR.worked_between(opened, found) == within + CALENDAR.worked_between(
        stop.start, opened + after + length
    )


@given(opened=moments, within=spans, after=spans, length=spans, longer=spans)
def test_a_longer_pause_is_never_due_sooner(opened, within, after, length, longer) -> None:
    start = opened + after
    short, long = Pause(start, start + length), Pause(start, start + length + longer)
    assert due_at(opened, within, [short]) <= due_at(opened, within, [long])


@given(opened=moments, within=spans)
def test_a_pause_in_closed_time_changes_nothing(opened, within) -> None:
    night = Pause(at(27, 18), at(27, 23))
    assert due_at(opened, within, [night]) == due_at(opened, within)
