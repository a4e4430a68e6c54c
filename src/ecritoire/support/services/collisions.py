"""Answering without speaking over somebody."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from ecritoire.accounts.models import Account
from ecritoire.support.models import Ticket, TicketMessage

from .answering import ticket_answer


class SaidMeanwhile(Exception):
    """Others wrote since the page was read: ``said``, to be shown before the answer is sent."""

    def __init__(self, said: list[TicketMessage]) -> None:
        super().__init__()
        self.said = said


def ticket_answer_after(*, ticket: Ticket, acting_user: Account, text: str, state: Ticket.State, seen: int) -> None:
    """Answer if nobody else wrote after the message ``seen`` (its key, 0 for none). Raises SaidMeanwhile."""
    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=ticket.pk)
        said = TicketMessage.objects.filter(Q(ticket=ticket) | Q(ticket__merged_into=ticket), pk__gt=seen)
        others = list(said.exclude(author=acting_user).select_related("author__person").order_by("pk"))
        if others:
            raise SaidMeanwhile(others)
        ticket_answer(ticket=ticket, acting_user=acting_user, text=text, state=state)
