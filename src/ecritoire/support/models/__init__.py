from .attachment import Attachment, TicketLetter
from .desk import ReadyAnswer, Satisfaction, SavedFilter, TicketLink, Watcher
from .history import TicketEvent
from .hotline import Closure, Hotline, OpeningHours
from .incident import Incident, IncidentProposal, IncidentUpdate
from .measure import CorrectiveMeasure
from .push import PushSubscription
from .queue import Queue
from .report import MonthlyReport, ReportRecipient
from .rules import CriticalAlert, DeskSettings, OnCall, RoutingRule, SchoolHoliday, ServiceTarget
from .ticket import Ticket, TicketMessage
from .webhook import Webhook, WebhookDelivery

__all__ = [
    "Attachment",
    "Closure",
    "CorrectiveMeasure",
    "CriticalAlert",
    "DeskSettings",
    "Hotline",
    "Incident",
    "IncidentProposal",
    "IncidentUpdate",
    "MonthlyReport",
    "OnCall",
    "OpeningHours",
    "PushSubscription",
    "Queue",
    "ReadyAnswer",
    "ReportRecipient",
    "RoutingRule",
    "Satisfaction",
    "SavedFilter",
    "SchoolHoliday",
    "ServiceTarget",
    "Ticket",
    "TicketEvent",
    "TicketLetter",
    "TicketLink",
    "TicketMessage",
    "Watcher",
    "Webhook",
    "WebhookDelivery",
]
