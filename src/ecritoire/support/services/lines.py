"""Whose turn it is: a request goes from a line to another, from a local contact or a specialist to the desk."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from ecritoire.accounts.models import Account
from ecritoire.common.services import Actor
from ecritoire.support import tasks
from ecritoire.support.models import Queue, Ticket, TicketEvent

from .steps import Changes, audit, changes, step

Route, Kind = Ticket.Route, TicketEvent.Kind


def ticket_move(*, ticket: Ticket, queue: Queue | None, acting_user: Actor) -> None:
    """To another line, whose members are told; None is the desk's common line."""
    route = Route.SPECIALIST if queue and queue.discipline else Route.DESK
    with transaction.atomic():
        detail = ticket_place(ticket, queue, route)
        if detail:
            step(ticket, Kind.MOVED, acting_user, detail)
            audit(ticket, acting_user, "ticket.move", line=queue.name if queue else "")
            tasks.announce_line.defer(ticket_id=ticket.pk)


def ticket_hand_over(*, ticket: Ticket, acting_user: Account | None) -> None:
    """To the desk, by the local contact or the specialist who has it, or (None) by itself after a while."""
    queue = None if ticket.route == Route.SPECIALIST else ticket.queue
    with transaction.atomic():
        detail = ticket_place(ticket, queue, Route.DESK)
        if not detail:
            return
        if ticket.assignee_id:
            ticket.assignee = None
            ticket.save(update_fields=["assignee", "updated_at"])
        step(ticket, Kind.HANDED, acting_user, detail)
        if acting_user:
            audit(ticket, acting_user, "ticket.hand_over")
        tasks.announce_line.defer(ticket_id=ticket.pk)


def ticket_place(
    ticket: Ticket, queue: Queue | None, route: Ticket.Route, contact_until: dt.datetime | None = None
) -> Changes:
    """Put it there; returns what changed. The caller says it in the history."""
    detail = changes(ticket, route=route)
    if (queue.pk if queue else None) != ticket.queue_id:
        detail["queue"] = [ticket.queue.name if ticket.queue else None, queue.name if queue else None]
    if detail:
        ticket.queue, ticket.route, ticket.contact_until = queue, route, contact_until
        ticket.save(update_fields=["queue", "route", "contact_until", "updated_at"])
    return detail
