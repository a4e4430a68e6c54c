"""A call for help from the accounts room becomes a ticket; each step of a ticket moves its clock, and may raise an alert."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from ecritoire.accounts.models import Account
from ecritoire.accounts.signals import help_requested

from .models import Ticket, TicketEvent
from .signals import ticket_stepped


@receiver(help_requested)
def open_ticket(
    account: Account | None,
    login: str,
    contact: str,
    kind: str,
    text: str,
    urgent: bool,
    facts: dict[str, str],
    **kwargs: Any,
) -> None:
    from .services import ticket_for_help

    ticket_for_help(
        kind=Ticket.Kind(kind),
        text=text,
        account=account,
        login=login,
        contact=contact,
        urgent=urgent,
        given=facts,
    )


@receiver(ticket_stepped)
def keep_clock(ticket: Ticket, **kwargs: Any) -> None:
    from .clock import ticket_clock

    ticket_clock(ticket)


@receiver(ticket_stepped)
def raise_alert(ticket: Ticket, event: TicketEvent, **kwargs: Any) -> None:
    """Whatever made it critical: the person, the rules, the desk, a delay. Once somebody has it, nobody is woken."""
    if ticket.priority != Ticket.Priority.CRITICAL or not ticket.is_open or ticket.assignee_id is not None:
        return
    from .alerts import alert_raise

    alert_raise(ticket)
