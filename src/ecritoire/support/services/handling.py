"""Giving a request to somebody."""

from __future__ import annotations

from django.db import transaction

from ecritoire.accounts.models import Account
from ecritoire.common.services import Actor
from ecritoire.support.models import Ticket, TicketEvent

from .steps import audit, give, step


def ticket_assign(*, ticket: Ticket, assignee: Account | None, acting_user: Actor) -> None:
    """To any agent, or to nobody again; a new request given to somebody is in progress."""
    with transaction.atomic():
        before, name = ticket.assignee, assignee.display_name if assignee else ""
        detail = give(ticket, assignee) | {"assignee": [before.display_name if before else "", name]}
        step(ticket, TicketEvent.Kind.TAKEN, acting_user, detail)
        audit(ticket, acting_user, "ticket.assign", assignee=assignee.login if assignee else "")
