"""Reminding people who have not activated their account: by what, when, and with what effect."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation

from .account import Account


class RelaunchBatch(BaseModel):
    """One gesture: everybody it reminded, by one channel."""

    class Channel(models.TextChoices):
        LETTER = "letter", _("lettre")
        MAIL = "mail", _("adresse privée")
        CONTACT = "contact", _("référent numérique")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="relaunch_batches")
    channel = models.CharField(max_length=8, choices=Channel)
    acting_login = models.CharField(max_length=254)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "created_at"])]


class Relaunch(BaseModel):
    """One person reminded. Rows outlive the activation: they say what the reminder brought."""

    batch = models.ForeignKey(RelaunchBatch, on_delete=models.CASCADE, related_name="rows")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="relaunches")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "account"], name="relaunch_once")]
        indexes: ClassVar = [models.Index(fields=["account", "created_at"])]
