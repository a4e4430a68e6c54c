"""A call for help from the accounts room becomes a ticket."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from ecritoire.accounts.models import Account
from ecritoire.accounts.signals import help_requested

from .models import Ticket


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
