"""Who follows a request without handling it."""

from __future__ import annotations

from django.db import transaction

from ecritoire.accounts.models import Account
from ecritoire.support.models import Ticket, TicketEvent, Watcher

from .steps import audit, step

Kind = TicketEvent.Kind


def watcher_add(*, ticket: Ticket, account: Account, acting_user: Account) -> None:
    """Told of each step by mail from now on; again changes nothing."""
    with transaction.atomic():
        _row, made = Watcher.objects.get_or_create(ticket=ticket, account=account)
        if made:
            step(ticket, Kind.WATCHED, acting_user, {"watcher": ["", account.display_name]})
            audit(ticket, acting_user, "ticket.watch", watcher=account.login)


def watcher_remove(*, watcher: Watcher, acting_user: Account) -> None:
    with transaction.atomic():
        ticket, account = watcher.ticket, watcher.account
        watcher.delete()
        step(ticket, Kind.UNWATCHED, acting_user, {"watcher": [account.display_name, ""]})
        audit(ticket, acting_user, "ticket.unwatch", watcher=account.login)
