"""Answering, noting, moving a request along."""

from __future__ import annotations

from django.db import transaction

from ecritoire.accounts.models import Account
from ecritoire.common.services import Actor
from ecritoire.support import tasks
from ecritoire.support.models import Ticket, TicketEvent, TicketMessage

from .attaching import Files, files_keep
from .steps import account_of, audit, changes, give, move, say, step

State, Side, Audience, Kind = Ticket.State, TicketMessage.Side, TicketMessage.Audience, TicketEvent.Kind


def ticket_write(*, ticket: Ticket, author: Account | None, text: str, files: Files = ()) -> TicketMessage:
    """The person writes again; a ticket that waited for them, or was thought resolved, is in progress again. What they write to a
    merged one (by mail, from an old page) goes where that one leads."""
    ticket = ticket.merged_into or ticket
    with transaction.atomic():
        said = say(ticket, author=author, side=Side.PERSON, audience=Audience.PUBLIC, text=text)
        files_keep(ticket=ticket, message=said, files=files)
        reopened = ticket.state in {State.WAITING, State.RESOLVED, State.CLOSED}
        detail = changes(ticket, state=State.IN_PROGRESS) if reopened else {}
        if reopened:
            move(ticket, State.IN_PROGRESS)
        step(ticket, Kind.WRITTEN, author, detail)
    return said


def ticket_answer(
    *,
    ticket: Ticket,
    acting_user: Actor,
    text: str,
    state: Ticket.State,
    side: TicketMessage.Side = Side.SUPPORT,
    files: Files = (),
) -> TicketMessage:
    """Answer the person, by mail and in their list; whoever answers an unassigned ticket takes it."""
    with transaction.atomic():
        said = say(ticket, author=acting_user, side=side, audience=Audience.PUBLIC, text=text)
        files_keep(ticket=ticket, message=said, files=files)
        detail = changes(ticket, state=state)
        if ticket.assignee_id is None:
            ticket.assignee = account_of(acting_user)
        ticket.first_answered_at = ticket.first_answered_at or said.created_at
        ticket.save(update_fields=["assignee", "first_answered_at", "updated_at"])
        move(ticket, state)
        step(ticket, Kind.ANSWERED, acting_user, detail)
        audit(ticket, acting_user, "ticket.answer", state=state)
        tasks.send_answer.defer(message_id=said.pk)
    return said


def ticket_tell(*, ticket: Ticket, text: str, state: Ticket.State, mail: bool = True) -> None:
    """The service itself answers the person, in their list and, with ``mail``, by mail."""
    with transaction.atomic():
        said = say(ticket, author=None, side=Side.SYSTEM, audience=Audience.PUBLIC, text=text)
        detail = changes(ticket, state=state)
        move(ticket, state)
        step(ticket, Kind.ANSWERED, None, detail)
        if mail:
            tasks.send_answer.defer(message_id=said.pk)


def ticket_note(*, ticket: Ticket, acting_user: Actor, text: str, files: Files = ()) -> TicketMessage:
    """A note among support."""
    with transaction.atomic():
        said = say(ticket, author=acting_user, side=Side.SUPPORT, audience=Audience.INTERNAL, text=text)
        files_keep(ticket=ticket, message=said, files=files)
        step(ticket, Kind.NOTED, acting_user)
        audit(ticket, acting_user, "ticket.note")
    return said


def ticket_relay(*, ticket: Ticket, acting_user: Account, text: str, files: Files = ()) -> TicketMessage:
    """A local IT contact adds what they know; the person does not see it."""
    with transaction.atomic():
        said = say(ticket, author=acting_user, side=Side.CONTACT, audience=Audience.RELAY, text=text)
        files_keep(ticket=ticket, message=said, files=files)
        step(ticket, Kind.NOTED, acting_user)
        audit(ticket, acting_user, "ticket.relay")
    return said


def ticket_take(*, ticket: Ticket, acting_user: Account) -> None:
    """Assign it to oneself."""
    with transaction.atomic():
        step(ticket, Kind.TAKEN, acting_user, give(ticket, acting_user))
        audit(ticket, acting_user, "ticket.take")


def ticket_settle(*, ticket: Ticket, acting_user: Account) -> None:
    """The person says it is solved."""
    with transaction.atomic():
        detail = changes(ticket, state=State.CLOSED)
        move(ticket, State.CLOSED)
        step(ticket, Kind.SETTLED, acting_user, detail)
        audit(ticket, acting_user, "ticket.settle")
