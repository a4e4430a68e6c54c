"""A call for help from the accounts room becomes a ticket; each step of a ticket moves its clock, and may raise an alert."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from ecritoire.accounts.models import Account
from ecritoire.accounts.signals import help_requested

from .models import Ticket, TicketEvent
from .signals import ticket_stepped

UNTOLD = {TicketEvent.Kind.WATCHED, TicketEvent.Kind.UNWATCHED}


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
def follow(ticket: Ticket, event: TicketEvent, **kwargs: Any) -> None:
    """Tell who follows it, and who has it when the person writes; ask the person what they thought once it is closed, unless they close it on a page that asks."""
    from . import tasks
    from .selectors import ASSIGNEE_TOLD

    has_reader = event.kind in ASSIGNEE_TOLD and ticket.assignee_id not in {None, event.actor_id}
    if event.kind not in UNTOLD and (has_reader or ticket.watchers.exclude(account=event.actor_id).exists()):
        tasks.tell_watchers.defer(event_id=event.pk)
    closed = event.detail.get("state", ["", ""])[1] == Ticket.State.CLOSED
    if closed and event.kind != TicketEvent.Kind.SETTLED:
        tasks.send_closing.defer(ticket_id=ticket.pk)


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
