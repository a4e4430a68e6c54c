"""How an académie's help desk works: which line gets what, within which delays, on which days, and who is on call."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account
from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation

from .queue import Queue
from .ticket import Ticket


class RoutingRule(BaseModel):
    """What becomes of requests of one kind. Without a row, the defaults of ``routing`` hold."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="routing_rules")
    kind = models.CharField(max_length=12, choices=Ticket.Kind)
    queue = models.ForeignKey(Queue, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    priority = models.PositiveSmallIntegerField(choices=Ticket.Priority, default=Ticket.Priority.NORMAL)
    route = models.CharField(max_length=10, choices=Ticket.Route, default=Ticket.Route.DESK)

    class Meta:
        ordering: ClassVar = ["kind"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "kind"], name="rule_once")]


class ServiceTarget(BaseModel):
    """Within how many open minutes a request of this priority is first answered, and resolved."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="service_targets")
    priority = models.PositiveSmallIntegerField(choices=Ticket.Priority)
    response_minutes = models.PositiveIntegerField()
    resolution_minutes = models.PositiveIntegerField()
    round_the_clock = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["priority"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "priority"], name="target_once"),
            models.CheckConstraint(
                condition=Q(resolution_minutes__gte=F("response_minutes"), response_minutes__gte=1),
                name="target_order",
            ),
        ]


class DeskSettings(BaseModel):
    """What the calendar of the desk follows during school holidays, how long a local contact keeps a request, and after how many days
    what happens by itself. An académie without a row has these defaults.

    ``holiday_opens`` and ``holiday_closes`` are the reduced hours, Monday to Friday. Of the days, 0 is never.
    """

    class Zone(models.TextChoices):
        NONE = "", _("aucune (périodes saisies à la main)")
        A = "A", _("zone A")
        B = "B", _("zone B")
        C = "C", _("zone C")

    class Holidays(models.TextChoices):
        USUAL = "usual", _("ouverte comme d'habitude")
        REDUCED = "reduced", _("horaires réduits")
        CLOSED = "closed", _("fermée pendant les vacances scolaires")

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="desk_settings")
    zone = models.CharField(max_length=1, choices=Zone, blank=True, default=Zone.NONE)
    holidays = models.CharField(max_length=7, choices=Holidays, default=Holidays.USUAL)
    holiday_opens = models.TimeField(null=True, blank=True)
    holiday_closes = models.TimeField(null=True, blank=True)
    contact_hours = models.PositiveSmallIntegerField(default=16)
    remind_days = models.PositiveSmallIntegerField(default=5, help_text="a person who is waited for is reminded")
    close_days = models.PositiveSmallIntegerField(default=7, help_text="a resolved request is closed")
    reopen_days = models.PositiveSmallIntegerField(default=14, help_text="a closed request may be opened again")


class SchoolHoliday(BaseModel):
    """Days, both included, written by hand: such a period replaces those of the national calendar that it overlaps."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="school_holidays")
    name = models.CharField(max_length=80)
    first = models.DateField()
    last = models.DateField()

    class Meta:
        ordering: ClassVar = ["first"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(last__gte=F("first")), name="school_holiday_order")]


class OnCall(BaseModel):
    """Somebody to tell of critical requests between two moments; the lowest ``rank`` first.

    ``address`` lies outside the académie: its own mail may be what is down.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="on_call")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="on_call")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    rank = models.PositiveSmallIntegerField(default=1)
    phone = models.CharField(max_length=30)
    address = models.EmailField(blank=True)

    class Meta:
        ordering: ClassVar = ["rank", "starts_at", "pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="on_call_order")]


class CriticalAlert(BaseModel):
    """A critical request, told to one after the other until somebody says « je m'en occupe ».

    ``told`` are the accounts told so far; ``next_at`` when the next is, None once everybody was.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="alert")
    told = models.ManyToManyField(Account, blank=True, related_name="+")
    next_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=Q(acknowledged_at=None), name="alert_next"),
        ]
