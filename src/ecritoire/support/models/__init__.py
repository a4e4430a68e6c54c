from .desk import DeskRules, ReadyAnswer, Satisfaction, SavedFilter, TicketLink, Watcher
from .history import TicketEvent
from .hotline import Closure, Hotline, OpeningHours
from .incident import Incident, IncidentProposal, IncidentUpdate
from .queue import Queue
from .rules import CriticalAlert, DeskSettings, OnCall, RoutingRule, SchoolHoliday, ServiceTarget
from .ticket import Ticket, TicketMessage

__all__ = [
    "Closure",
    "CriticalAlert",
    "DeskRules",
    "DeskSettings",
    "Hotline",
    "Incident",
    "IncidentProposal",
    "IncidentUpdate",
    "OnCall",
    "OpeningHours",
    "Queue",
    "ReadyAnswer",
    "RoutingRule",
    "Satisfaction",
    "SavedFilter",
    "SchoolHoliday",
    "ServiceTarget",
    "Ticket",
    "TicketEvent",
    "TicketLink",
    "TicketMessage",
    "Watcher",
]
