"""What people ask about their personal data (GDPR, articles 15, 16, 17 and 20), and what was answered."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel

from .account import Account

ANSWER_MONTHS, EXTENSION_MONTHS = 1, 2


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or the month's last when it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


class PrivacyRequest(BaseModel):
    """One line of the register. ``due_on`` is a month after ``received_on``, two more once extended (article 12, 3)."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("accès")
        RECTIFICATION = "rectification", _("rectification")
        ERASURE = "erasure", _("effacement")
        PORTABILITY = "portability", _("portabilité")

    class State(models.TextChoices):
        OPEN = "open", _("à traiter")
        GRANTED = "granted", _("satisfaite")
        PARTLY = "partly", _("satisfaite en partie")
        REFUSED = "refused", _("refusée")
        WITHDRAWN = "withdrawn", _("retirée")

    class Channel(models.TextChoices):
        ONLINE = "online", _("en ligne")
        LETTER = "letter", _("courrier")
        MAIL = "mail", _("message")
        DESK = "desk", _("guichet")

    class Ground(models.TextChoices):
        """Why the law lets a request be refused, wholly or in part."""

        NONE = "", "–"
        MISSION = "mission", _("mission de service public (art. 17, 3, b)")
        OBLIGATION = "obligation", _("obligation légale de conservation (art. 17, 3, b)")
        ARCHIVES = "archives", _("archives publiques (art. 17, 3, d)")
        CLAIMS = "claims", _("constatation ou défense de droits en justice (art. 17, 3, e)")
        OTHERS = "others", _("droits et libertés d'autrui (art. 15, 4)")
        ABUSE = "abuse", _("demande manifestement infondée ou excessive (art. 12, 5)")
        EXACT = "exact", _("les données sont exactes")
        IDENTITY = "identity", _("identité non établie (art. 12, 6)")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="privacy_requests")
    kind = models.CharField(max_length=13, choices=Kind)
    text = models.TextField(max_length=2000, blank=True)
    channel = models.CharField(max_length=6, choices=Channel, default=Channel.ONLINE)
    received_on = models.DateField()
    due_on = models.DateField()
    extension = models.CharField(max_length=300, blank=True, help_text="why two more months were taken")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    ground = models.CharField(max_length=10, choices=Ground, blank=True)
    answer = models.TextField(max_length=2000, blank=True)
    erased = models.JSONField(default=dict, help_text="what was erased: key -> rows")
    decided_at = models.DateTimeField(null=True, blank=True)
    acting_login = models.CharField(max_length=254, blank=True, help_text="who decided")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_on"]), models.Index(fields=["account", "-id"])]

    def __str__(self) -> str:
        return f"{self.account}: {self.kind}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def days_left(self) -> int:
        return (self.due_on - timezone.localdate()).days

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.days_left < 0
