"""What every change of a request is made of: something said, a move, its step in the history, its line in the audit log."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from ecritoire.accounts.models import Account, ApiClient
from ecritoire.common.services import Actor, audit_record
from ecritoire.support.models import Ticket, TicketEvent, TicketMessage
from ecritoire.support.signals import ticket_stepped

Changes = dict[str, list[Any]]
"""What changed, by field: ``{field: [before, after]}``."""


def account_of(actor: Actor | None) -> Account | None:
    """The person who acts; None for another program, or for the service itself."""
    return actor if isinstance(actor, Account) else None


def program_of(actor: Actor | None) -> str:
    """The other program that acts, by the name the console gave it."""
    return actor.name if isinstance(actor, ApiClient) else ""


def step(
    ticket: Ticket, kind: TicketEvent.Kind, actor: Actor | None = None, detail: Changes | None = None
) -> TicketEvent:
    """Add to the history and tell whoever listens (``ticket_stepped``), in the transaction of the change itself."""
    event = TicketEvent.objects.create(
        ticket=ticket, kind=kind, actor=account_of(actor), program=program_of(actor), detail=detail or {}
    )
    ticket_stepped.send(sender=TicketEvent, ticket=ticket, event=event)
    return event


def say(
    ticket: Ticket, *, author: Actor | None, side: TicketMessage.Side, audience: TicketMessage.Audience, text: str
) -> TicketMessage:
    said = ticket.messages.create(
        author=account_of(author), program=program_of(author), side=side, audience=audience, text=text[:5000]
    )
    ticket.last_message_at = timezone.now()
    ticket.save(update_fields=["last_message_at", "updated_at"])
    return said


def move(ticket: Ticket, state: Ticket.State) -> None:
    ticket.state = state
    if ticket.is_open:
        ticket.resolved_at = ticket.resolution_minutes = None
    elif ticket.resolved_at is None:
        ticket.resolved_at = timezone.now()
    ticket.save(update_fields=["state", "resolved_at", "resolution_minutes", "updated_at"])


def give(ticket: Ticket, assignee: Account | None) -> Changes:
    """To somebody, and a new request is then in progress, or to nobody again. Returns the change of state."""
    ticket.assignee = assignee
    ticket.save(update_fields=["assignee", "updated_at"])
    begins = assignee is not None and ticket.state == Ticket.State.NEW
    detail = changes(ticket, state=Ticket.State.IN_PROGRESS) if begins else {}
    if begins:
        move(ticket, Ticket.State.IN_PROGRESS)
    return detail


def changes(ticket: Ticket, **wanted: Any) -> Changes:
    """What would differ, as a step's detail has it."""
    pairs = {name: [getattr(ticket, name), value] for name, value in wanted.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def audit(ticket: Ticket, acting_user: Actor, action: str, **detail: Any) -> None:
    audit_record(
        acting_user=acting_user,
        action=action,
        target=ticket.login or ticket.number,
        within=ticket.organisation.mail_domain,
        number=ticket.number,
        **detail,
    )
