"""Jobs of the notifications."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

RETRY = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.task(name="support.push_tell", retry=RETRY)
def push_tell(*, ticket_id: int, kind: str, accounts: list[int]) -> None:
    """Find the browsers of these people."""
    from ecritoire.support.models import Ticket

    from .sending import tell

    tell(ticket=Ticket.objects.get(pk=ticket_id), kind=kind, accounts=accounts)


@app.task(name="support.push_send", retry=RETRY)
def push_send(*, subscription_id: int, ticket_id: int, kind: str) -> None:
    """To one browser; nothing when it is gone meanwhile."""
    from ecritoire.support.models import PushSubscription, Ticket

    from .sending import send, words_of

    row = PushSubscription.objects.filter(pk=subscription_id).first()
    ticket = Ticket.objects.filter(pk=ticket_id).first()
    if row is not None and ticket is not None:
        send(row, words_of(row, ticket, kind), kind)
