"""What a change tells: the outbox is written in its transaction, so that nothing is told that did not happen, and nothing that
happened is forgotten. Notes are never told, nor anything of them; texts and names only where they were asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from ecritoire.support.api.schemas import IncidentOut, MessageOut, TicketOut
from ecritoire.support.models import Incident, Ticket, TicketEvent, TicketMessage, Webhook, WebhookDelivery

from . import tasks

Event, Kind = Webhook.Event, TicketEvent.Kind
NAMES = {Kind.OPENED: Event.TICKET_OPENED, Kind.WRITTEN: Event.TICKET_WRITTEN, Kind.ANSWERED: Event.TICKET_ANSWERED}
SILENT = frozenset({Kind.NOTED})
ENDS = {Ticket.State.RESOLVED: Event.TICKET_RESOLVED, Ticket.State.CLOSED: Event.TICKET_CLOSED}
CHANGES_TOLD = frozenset({"state", "priority", "kind"})
PRIVATE = {"subject", "text", "person", "contact"}


def events_of(step: TicketEvent) -> list[Webhook.Event]:
    """A step may be two events: an answer that resolves."""
    if step.kind in SILENT:
        return []
    ended = step.detail.get("state", [None, None])[1]
    first = NAMES.get(Kind(step.kind)) if step.kind in Kind.values else None
    return [first or Event.TICKET_CHANGED, *([ENDS[ended]] if ended in ENDS else [])]


def tell_step(ticket: Ticket, step: TicketEvent) -> None:
    events = events_of(step)
    webhooks = _listening(ticket.organisation_id, events)
    if not webhooks:
        return
    changes = {name: pair for name, pair in step.detail.items() if name in CHANGES_TOLD}
    drawn = TicketOut.of(ticket).model_dump(mode="json")
    said = ticket.messages.filter(audience=TicketMessage.Audience.PUBLIC).last() if step.kind != Kind.OPENED else None
    private = {"message": MessageOut.of(said).model_dump(mode="json") if said else None}
    plain = {name: value for name, value in drawn.items() if name not in PRIVATE}
    for event in events:
        for webhook in (row for row in webhooks if event in row.events):
            data = {"ticket": drawn, **private} if webhook.with_texts else {"ticket": plain}
            write(webhook, event, {**data, "changes": changes}, ticket)


def tell_incident(incident: Incident, event: Webhook.Event) -> None:
    webhooks = _listening(incident.organisation_id, [event])
    if not webhooks:
        return
    drawn = IncidentOut.of(incident).model_dump(mode="json")
    updates = drawn.pop("updates")[:1]
    for webhook in webhooks:
        write(webhook, event, {"incident": drawn, **({"update": updates[0]} if webhook.with_texts and updates else {})})


def _listening(organisation: int, events: list[Webhook.Event]) -> list[Webhook]:
    if not events:
        return []
    rows = Webhook.objects.filter(organisation=organisation, is_active=True)
    return [row for row in rows if set(row.events) & set(events)]


def write(webhook: Webhook, event: str, data: Mapping[str, Any], ticket: Ticket | None = None) -> WebhookDelivery:
    """Into the outbox. An address that fails is not called for each event: the minute's round tries the oldest."""
    now = timezone.now()
    body = json.dumps({"type": event, "timestamp": now.isoformat(), "data": data}, ensure_ascii=False)
    row = WebhookDelivery.objects.create(webhook=webhook, event=event, body=body, ticket=ticket, next_at=now)
    if webhook.failing_since is None:
        tasks.deliver.defer(delivery_id=row.pk)
    return row
