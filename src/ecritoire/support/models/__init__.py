from .desk import DeskRules, ReadyAnswer, Satisfaction, SavedFilter, TicketLink, Watcher
from .history import TicketEvent
from .hotline import Closure, Hotline, OpeningHours
from .incident import Incident, IncidentProposal, IncidentUpdate
from .queue import Queue
from .ticket import Ticket, TicketMessage

__all__ = [
    "Closure",
    "DeskRules",
    "Hotline",
    "Incident",
    "IncidentProposal",
    "IncidentUpdate",
    "OpeningHours",
    "Queue",
    "ReadyAnswer",
    "Satisfaction",
    "SavedFilter",
    "Ticket",
    "TicketEvent",
    "TicketLink",
    "TicketMessage",
    "Watcher",
]
