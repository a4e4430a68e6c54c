"""Each minute: who has a request that is nearly late is told once, and once more, with everybody of its line, when it is late.

A request that local contacts kept too long goes to the desk.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ecritoire.accounts.lifecycle import OPEN
from ecritoire.accounts.selectors.holders import accounts_with
from ecritoire.common.roles import Role

from . import tasks
from .models import Ticket, TicketEvent
from .services import ticket_hand_over
from .services.steps import step

BATCH = 500
SOON, LATE = 1, 2
ANSWERED = 2
"""Added to both once the request was answered: it is then the resolution that is awaited."""


def escalate_all() -> int:
    """How many were told of. Each in its own transaction, so that one failure stops none of the others."""
    keys = list(_pressed(timezone.now()).values_list("pk", flat=True)[:BATCH])
    return sum(_escalate(pk) for pk in keys)


def _pressed(now: dt.datetime) -> QuerySet[Ticket]:
    first, then = Q(first_answered_at=None), Q(first_answered_at__isnull=False)
    late = Q(due_at__lte=now) & (first & Q(escalation__lt=LATE) | then & Q(escalation__lt=LATE + ANSWERED))
    soon = Q(warn_at__lte=now) & (first & Q(escalation__lt=SOON) | then & Q(escalation__lt=SOON + ANSWERED))
    return Ticket.objects.filter(late | soon, state__in=Ticket.OPEN).order_by("due_at")


def _escalate(pk: int) -> bool:
    now = timezone.now()
    with transaction.atomic():
        ticket = _pressed(now).select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
        if ticket is None or ticket.due_at is None:
            return False
        level = (LATE if ticket.due_at <= now else SOON) + (ANSWERED if ticket.first_answered_at else 0)
        detail = {"escalation": [ticket.escalation, level]}
        ticket.escalation = level
        if ticket.due_at <= now and ticket.priority > Ticket.Priority.CRITICAL:
            detail["priority"] = [ticket.priority, ticket.priority - 1]
            ticket.priority -= 1
        due_at, is_late = ticket.due_at, ticket.due_at <= now
        ticket.save(update_fields=["escalation", "priority", "updated_at"])
        step(ticket, TicketEvent.Kind.ESCALATED, None, detail)
        tasks.announce_due.defer(ticket_id=ticket.pk, due_at=due_at.isoformat(), late=is_late)
    return True


def told_of(ticket: Ticket, *, late: bool) -> list[str]:
    """Nearly late: whoever has it, else its line. Late: its line and the administrators, whoever has it too."""
    have = [ticket.assignee.login] if ticket.assignee else []
    if not late:
        return have or line_addresses(ticket)
    chiefs = accounts_with(Role.ADMINISTRATOR, organisation=ticket.organisation_id).values_list("login", flat=True)
    return list(dict.fromkeys([*have, *line_addresses(ticket), *chiefs]))


def line_addresses(ticket: Ticket) -> list[str]:
    """The line's own address, else its members', else the desk's, else each support agent's."""
    if ticket.queue:
        members = ticket.queue.members.filter(state__in=OPEN).values_list("login", flat=True)
        told = [ticket.queue.address] if ticket.queue.address else list(members)
        if told:
            return told
    return tasks.desk_told(ticket.organisation)


def contacts_release() -> int:
    """Hand over what local contacts have had for as long as the settings say."""
    rows = Ticket.objects.filter(route=Ticket.Route.CONTACT, contact_until__lte=timezone.now(), state__in=Ticket.OPEN)
    kept = list(rows.select_related("queue")[:BATCH])
    for ticket in kept:
        ticket_hand_over(ticket=ticket, acting_user=None)
    return len(kept)
