from .attachment import Attachment, TicketLetter
from .history import TicketEvent
from .hotline import Closure, Hotline, OpeningHours
from .incident import Incident, IncidentProposal, IncidentUpdate
from .queue import Queue
from .ticket import Ticket, TicketMessage

__all__ = [
    "Attachment",
    "Closure",
    "Hotline",
    "Incident",
    "IncidentProposal",
    "IncidentUpdate",
    "OpeningHours",
    "Queue",
    "Ticket",
    "TicketEvent",
    "TicketLetter",
    "TicketMessage",
]
