"""The open time of requests answered or resolved before it was kept on them."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from .clock import history_of, spent, steps_of
from .desk import desk_of
from .models import Ticket
from .targets import pauses

BATCH = 500
UNMEASURED = Q(first_answered_at__isnull=False, answer_minutes__isnull=True) | Q(
    resolved_at__isnull=False, resolution_minutes__isnull=True
)


def measure_past(organisation_id: int) -> int:
    """All of an académie's, a batch a transaction: cut short, it goes on where it was. Returns how many."""
    count = last = 0
    while batch := _measure_after(last, organisation_id):
        count, last = count + len(batch), batch[-1].pk
    return count


@transaction.atomic
def _measure_after(last: int, organisation_id: int) -> list[Ticket]:
    rows = Ticket.objects.filter(UNMEASURED, organisation=organisation_id, pk__gt=last)
    tickets = list(rows.order_by("pk").select_for_update()[:BATCH])
    calendar, steps = desk_of(organisation_id).calendar, steps_of([ticket.pk for ticket in tickets])
    for ticket in tickets:
        history = history_of(steps[ticket.pk], ticket.route)
        minutes = spent(ticket, calendar, pauses(ticket.created_at, history.route, history.changes))
        ticket.answer_minutes, ticket.resolution_minutes = minutes["answer_minutes"], minutes["resolution_minutes"]
    Ticket.objects.bulk_update(tickets, ["answer_minutes", "resolution_minutes"])
    return tickets
