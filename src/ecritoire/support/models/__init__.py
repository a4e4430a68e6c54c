from .rules import CriticalAlert, DeskSettings, OnCall, RoutingRule, SchoolHoliday, ServiceTarget
from .history import TicketEvent
from .hotline import Closure, Hotline, OpeningHours
from .incident import Incident, IncidentProposal, IncidentUpdate
from .queue import Queue
from .ticket import Ticket, TicketMessage

__all__ = [
    "Closure",
    "CriticalAlert",
    "DeskSettings",
    "Hotline",
    "Incident",
    "IncidentProposal",
    "IncidentUpdate",
    "OnCall",
    "OpeningHours",
    "Queue",
    "RoutingRule",
    "SchoolHoliday",
    "ServiceTarget",
    "Ticket",
    "TicketEvent",
    "TicketMessage",
]
