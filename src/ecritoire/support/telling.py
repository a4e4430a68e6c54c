"""What happens at the desk is told outside: to webhooks, and to the browsers that asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver

from ecritoire.accounts.models import Account
from ecritoire.accounts.signals import access_revoked

from .models import Incident, PushSubscription, Ticket, TicketEvent, Webhook
from .push.sending import ANSWER, PRESSING
from .push.tasks import push_tell
from .signals import critical_raised, incident_changed, ticket_stepped
from .webhooks.events import tell_incident, tell_step


@receiver(ticket_stepped)
def tell_webhooks_of_step(ticket: Ticket, event: TicketEvent, **kwargs: Any) -> None:
    tell_step(ticket, event)


@receiver(incident_changed)
def tell_webhooks_of_incident(incident: Incident, event: str, **kwargs: Any) -> None:
    tell_incident(incident, Webhook.Event(f"incident.{event}"))


@receiver(ticket_stepped)
def tell_person_of_answer(ticket: Ticket, event: TicketEvent, **kwargs: Any) -> None:
    """The person whose request it is, unless nobody but them acted."""
    if event.kind != TicketEvent.Kind.ANSWERED or ticket.account_id in {None, event.actor_id}:
        return
    if PushSubscription.objects.filter(account=ticket.account_id, on_answers=True).exists():
        push_tell.defer(ticket_id=ticket.pk, kind=ANSWER, accounts=[ticket.account_id])


@receiver(critical_raised)
def tell_accounts_of_alert(ticket: Ticket, accounts: Iterable[Account], **kwargs: Any) -> None:
    keys = [account.pk for account in accounts]
    if PushSubscription.objects.filter(account__in=keys, on_pressing=True).exists():
        push_tell.defer(ticket_id=ticket.pk, kind=PRESSING, accounts=keys)


@receiver(access_revoked)
def forget_browsers(account: Account, **kwargs: Any) -> None:
    """Whoever held the account may have subscribed a browser of theirs."""
    account.push_subscriptions.all().delete()
