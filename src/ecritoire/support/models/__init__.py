from .history import TicketEvent
from .hotline import Closure, Hotline, OpeningHours
from .incident import Incident, IncidentProposal, IncidentUpdate
from .push import PushSubscription
from .queue import Queue
from .ticket import Ticket, TicketMessage
from .webhook import Webhook, WebhookDelivery

__all__ = [
    "Closure",
    "Hotline",
    "Incident",
    "IncidentProposal",
    "IncidentUpdate",
    "OpeningHours",
    "PushSubscription",
    "Queue",
    "Ticket",
    "TicketEvent",
    "TicketMessage",
    "Webhook",
    "WebhookDelivery",
]
