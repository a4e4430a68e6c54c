"""What a request is and where it stands. Another kind goes where the rules put it, as at its opening, unless a hand says otherwise."""

from __future__ import annotations

from enum import Enum, auto

from django.db import transaction

from ecritoire.accounts.models import Account
from ecritoire.common.services import Actor
from ecritoire.support import tasks
from ecritoire.support.models import Queue, Ticket, TicketEvent
from ecritoire.support.routing import Place, place, priority_by_rule
from ecritoire.support.selectors import may_answer

from .handling import ticket_assign
from .lines import ticket_move, ticket_place
from .steps import Changes, audit, changes, move, step

Priority = Ticket.Priority


class Kept(Enum):
    """What the gesture does not speak of; None would be « nobody » or the common line."""

    KEPT = auto()


KEPT = Kept.KEPT


def ticket_classify(
    *,
    ticket: Ticket,
    acting_user: Actor,
    state: Ticket.State,
    priority: Ticket.Priority,
    kind: Ticket.Kind,
    queue: Queue | Kept | None = KEPT,
    assignee: Account | Kept | None = KEPT,
) -> None:
    """``queue`` and ``assignee`` are what the agent chose in the same gesture: then the rules of a new kind move it nowhere. Whoever has
    it newly is told, and support when it becomes pressing."""
    by_hand = queue is not KEPT or assignee is not KEPT
    with transaction.atomic():
        _classify(ticket, acting_user, state, priority, kind, by_hand=by_hand)
        if not isinstance(queue, Kept):
            ticket_move(ticket=ticket, queue=queue, acting_user=acting_user)
        if not isinstance(assignee, Kept) and assignee != ticket.assignee:
            ticket_assign(ticket=ticket, assignee=assignee, acting_user=acting_user)


def _classify(
    ticket: Ticket,
    acting_user: Actor,
    state: Ticket.State,
    priority: Ticket.Priority,
    kind: Ticket.Kind,
    *,
    by_hand: bool,
) -> None:
    was_pressing = ticket.is_pressing
    where = _where(ticket, kind) if kind != ticket.kind and state in Ticket.OPEN else None
    if where and priority == ticket.priority:
        priority = _priority(ticket, where)
    detail = changes(ticket, state=state, priority=priority, kind=kind)
    if by_hand and not detail:
        return
    ticket.priority, ticket.kind = priority, kind
    ticket.save(update_fields=["priority", "kind", "updated_at"])
    moved = _reroute(ticket, where) if where and not by_hand else {}
    move(ticket, state)
    step(ticket, TicketEvent.Kind.CHANGED, acting_user, detail | moved)
    audit(ticket, acting_user, "ticket.classify", changes=detail | moved)
    if ticket.is_pressing and not was_pressing:
        tasks.announce.defer(ticket_id=ticket.pk)
    if moved and (ticket.queue_id or ticket.route == Ticket.Route.CONTACT):
        tasks.announce_line.defer(ticket_id=ticket.pk)


def _where(ticket: Ticket, kind: Ticket.Kind) -> Place:
    return place(
        organisation=ticket.organisation,
        kind=kind,
        structure=ticket.structure,
        discipline=ticket.facts.get("given", {}).get("discipline", ""),
        opened_by=ticket.opened_by,
    )


def _priority(ticket: Ticket, where: Place) -> Ticket.Priority:
    """The new kind's; one that was raised by hand, by the person or by a delay is not lowered."""
    usual = priority_by_rule(ticket.organisation_id, Ticket.Kind(ticket.kind))
    return where.priority if ticket.priority == usual else min(Priority(ticket.priority), where.priority)


def _reroute(ticket: Ticket, where: Place) -> Changes:
    queue = Queue.objects.filter(pk=where.queue_id).first() if where.queue_id else None
    moved = ticket_place(ticket, queue, where.route, where.contact_until)
    assignee = ticket.assignee
    if moved and assignee and not may_answer(assignee, ticket):
        ticket.assignee = None
        ticket.save(update_fields=["assignee", "updated_at"])
        moved["assignee"] = [assignee.display_name, ""]
    return moved
