"""When an answer and a resolution are due: open time from the opening on, the time the desk could do nothing left out. Pure: no database.

The clock stands while the person is awaited, while their local contact has the request, and between a resolution and a reopening.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .hours import Calendar

WARN_PART = 0.8
STANDING = frozenset({"waiting", "resolved", "closed"})
"""States in which nothing is expected of the desk."""


@dataclass(frozen=True)
class Target:
    response: dt.timedelta
    resolution: dt.timedelta
    round_the_clock: bool = False


@dataclass(frozen=True)
class Change:
    """A moment at which the state or the route changed."""

    at: dt.datetime
    state: str = ""
    route: str = ""


@dataclass(frozen=True)
class Pause:
    """``end`` is None while it lasts."""

    start: dt.datetime
    end: dt.datetime | None


@dataclass(frozen=True)
class Due:
    """``at`` None: the clock stands, or nothing is ever open. ``warn_at``: four fifths of the time."""

    at: dt.datetime | None
    warn_at: dt.datetime | None


NEVER = Due(None, None)


def pauses(opened: dt.datetime, route: str, changes: Iterable[Change]) -> list[Pause]:
    """From the first ``route`` and what changed since, in order of time; the last pause may still last."""
    found: list[Pause] = []
    state, since = "new", opened if route == "contact" else None
    for change in changes:
        state, route = change.state or state, change.route or route
        stands = state in STANDING or route == "contact"
        if stands and since is None:
            since = change.at
        elif not stands and since is not None:
            found.append(Pause(since, change.at))
            since = None
    return [*found, Pause(since, None)] if since is not None else found


def due(
    *, calendar: Calendar, target: Target, within: dt.timedelta, opened: dt.datetime, stops: Sequence[Pause]
) -> Due:
    """``within`` of open time after ``opened``, pushed by the open time of every stop; never in closed time."""
    if any(stop.end is None for stop in stops):
        return NEVER
    clock = None if target.round_the_clock else calendar
    lost = sum((_worked(clock, stop.start, stop.end) for stop in stops if stop.end), dt.timedelta())
    return Due(_after(clock, opened, within + lost), _after(clock, opened, within * WARN_PART + lost))


def worked(calendar: Calendar, start: dt.datetime, end: dt.datetime, stops: Sequence[Pause]) -> dt.timedelta:
    """Open time between both, less that of the stops: what is compared with a target."""
    spans = [(stop.start, min(stop.end or end, end)) for stop in stops if stop.start < end]
    lost = sum((calendar.worked_between(*span) for span in spans), dt.timedelta())
    return max(calendar.worked_between(start, end) - lost, dt.timedelta())


def _worked(clock: Calendar | None, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    return clock.worked_between(start, end) if clock else end - start


def _after(clock: Calendar | None, start: dt.datetime, worked: dt.timedelta) -> dt.datetime | None:
    return clock.after(start, worked) if clock else start + worked
