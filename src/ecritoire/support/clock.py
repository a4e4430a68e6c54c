"""The service targets of a request, and the open time it took, kept on it: worked out anew at each of its steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .desk import desk_of
from .hours import Calendar
from .models import Ticket, TicketEvent
from .targets import NEVER, Change, Due, Pause, due, pauses, worked

BY_PERSON = frozenset({TicketEvent.Kind.REOPENED, TicketEvent.Kind.WRITTEN})
"""Steps by which the person opens again what was over: on the page, or by mail."""
OVER = frozenset({Ticket.State.RESOLVED, Ticket.State.CLOSED})
Step = tuple[dt.datetime, str, dict[str, list[str]]]
"""When, of which kind, and what changed."""


@dataclass(frozen=True)
class History:
    """The first route, each change of state or route since, and how often the person opened it again."""

    route: str
    changes: list[Change]
    reopenings: int


def ticket_clock(ticket: Ticket) -> None:
    """Write when the answer and the resolution are due. ``due_at`` is that of them which is awaited.

    Once it stands or is over, what was due stays written: statistics compare it with what came.
    """
    desk = desk_of(ticket.organisation_id)
    target = desk.targets[ticket.priority]
    history = history_of(steps_of([ticket.pk])[ticket.pk], ticket.route)
    stops = pauses(ticket.created_at, history.route, history.changes)

    def moment(within: dt.timedelta) -> Due:
        return due(calendar=desk.calendar, target=target, within=within, opened=ticket.created_at, stops=stops)

    response, resolution = moment(target.response), moment(target.resolution)
    awaited = (resolution if ticket.first_answered_at else response) if ticket.is_open else NEVER
    wanted: dict[str, Any] = {"due_at": awaited.at, "warn_at": awaited.warn_at, "reopenings": history.reopenings}
    if wanted["due_at"]:
        wanted["resolution_due"] = resolution.at
        if not ticket.first_answered_at:
            wanted["response_due"] = response.at
    _write(ticket, wanted | spent(ticket, desk.calendar, stops))


def spent(ticket: Ticket, calendar: Calendar, stops: Sequence[Pause]) -> dict[str, int | None]:
    """Open minutes until the first answer and until the resolution, less those in which the desk could do nothing.

    Counted once and kept: hours changed later do not change what was. Opened again, a request has no resolution.
    """
    ends = {
        "answer_minutes": (ticket.first_answered_at, ticket.answer_minutes),
        "resolution_minutes": (ticket.resolved_at, ticket.resolution_minutes),
    }
    return {
        name: None if end is None else _minutes(calendar, ticket.created_at, end, stops) if known is None else known
        for name, (end, known) in ends.items()
    }


def _minutes(calendar: Calendar, opened: dt.datetime, end: dt.datetime, stops: Sequence[Pause]) -> int:
    return int(worked(calendar, opened, end, stops).total_seconds() // 60)


def steps_of(tickets: Sequence[int]) -> dict[int, list[Step]]:
    """The steps of each that changed its state or route, in order."""
    rows = TicketEvent.objects.filter(ticket__in=tickets, detail__has_any_keys=["state", "route"]).order_by("pk")
    found: dict[int, list[Step]] = {pk: [] for pk in tickets}
    for ticket, at, kind, detail in rows.values_list("ticket", "created_at", "kind", "detail"):
        found[ticket].append((at, kind, detail))
    return found


def history_of(steps: Sequence[Step], route: str) -> History:
    """``route``: that of now, which a request without a change of it always had."""
    first = next((detail["route"][0] for _at, _kind, detail in steps if "route" in detail), route)
    changes = [Change(at, _after(detail, "state"), _after(detail, "route")) for at, _kind, detail in steps]
    return History(first, changes, sum(_opens_again(kind, detail) for _at, kind, detail in steps))


def _opens_again(kind: str, detail: dict[str, list[str]]) -> bool:
    before, after = detail.get("state", ["", ""])
    return kind in BY_PERSON and before in OVER and after not in OVER


def _after(detail: dict[str, list[str]], field: str) -> str:
    return detail[field][1] if field in detail else ""


def _write(ticket: Ticket, wanted: dict[str, Any]) -> None:
    changed = {name: value for name, value in wanted.items() if getattr(ticket, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(ticket, name, value)
        Ticket.objects.filter(pk=ticket.pk).update(**changed)
