"""The service targets of a request, kept on it: worked out anew at each of its steps."""

from __future__ import annotations

import datetime as dt

from .desk import desk_of
from .models import Ticket, TicketEvent
from .targets import NEVER, Change, Due, due, pauses


def ticket_clock(ticket: Ticket) -> None:
    """Write when the answer and the resolution are due. ``due_at`` is that of them which is awaited.

    Once it stands or is over, what was due stays written: statistics compare it with what came.
    """
    desk = desk_of(ticket.organisation_id)
    target = desk.targets[ticket.priority]
    stops = pauses(ticket.created_at, *_history(ticket))

    def moment(within: dt.timedelta) -> Due:
        return due(calendar=desk.calendar, target=target, within=within, opened=ticket.created_at, stops=stops)

    response, resolution = moment(target.response), moment(target.resolution)
    awaited = (resolution if ticket.first_answered_at else response) if ticket.is_open else NEVER
    wanted = {"due_at": awaited.at, "warn_at": awaited.warn_at}
    if wanted["due_at"]:
        wanted["resolution_due"] = resolution.at
        if not ticket.first_answered_at:
            wanted["response_due"] = response.at
    _write(ticket, wanted)


def _history(ticket: Ticket) -> tuple[str, list[Change]]:
    """The first route, and each change of state or route since."""
    rows = TicketEvent.objects.filter(ticket=ticket, detail__has_any_keys=["state", "route"]).order_by("pk")
    steps = list(rows.values_list("created_at", "detail"))
    first = next((detail["route"][0] for _at, detail in steps if "route" in detail), ticket.route)
    return first, [Change(at, _after(detail, "state"), _after(detail, "route")) for at, detail in steps]


def _after(detail: dict[str, list[str]], field: str) -> str:
    return detail[field][1] if field in detail else ""


def _write(ticket: Ticket, wanted: dict[str, dt.datetime | None]) -> None:
    changed = {name: value for name, value in wanted.items() if getattr(ticket, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(ticket, name, value)
        Ticket.objects.filter(pk=ticket.pk).update(**changed)
