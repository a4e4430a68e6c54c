"""Files enclosed with a request, and the mail exchanged about it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel

from .ticket import Ticket, TicketMessage


class Attachment(BaseModel):
    """One file; without ``message`` it came with the first text. Where it lies is told by ``digest`` and ``key`` alone.

    ``is_original``: the mail as it arrived, for support only, since what is shown is its text without quotations.
    ``media_type`` is what the bytes are, not what the sender said: a picture that may be shown, or anything.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="attachments")
    message = models.ForeignKey(
        TicketMessage, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content")
    is_original = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Below the folder of attachments."""
        return f"{self.digest[:2]}/{self.digest}/{self.key}"

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")


class TicketLetter(BaseModel):
    """A mail that arrived or left about a request: by its Message-ID, answers find their way whatever the program."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("reçu")
        ANSWER = "answer", _("réponse")
        RECEIPT = "receipt", _("accusé de réception")
        NOTICE = "notice", _("avis")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="letters")
    message = models.ForeignKey(TicketMessage, on_delete=models.CASCADE, null=True, blank=True, related_name="letters")
    kind = models.CharField(max_length=8, choices=Kind)
    identifier = models.CharField(max_length=250, db_index=True)
    address = models.CharField(max_length=254, help_text="who wrote it, or to whom it went")

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["address", "kind", "created_at"])]
