"""What the service remembers of the mail it was sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation


class Arrival(BaseModel):
    """A message taken in, for some days: one that Postfix hands over again is not taken twice. Digests only: nobody is named."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, unique=True, help_text="digest of its Message-ID, sender and recipient")
    sender = models.CharField(max_length=64, help_text="keyed digest of the sender's address, to count theirs")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sender", "created_at"])]


class MailLogBookmark(BaseModel):
    """How far a file of Postfix's log was read. A file is known by its first line, so that it may be renamed or copied meanwhile."""

    fingerprint = models.CharField(max_length=64, unique=True)
    offset = models.BigIntegerField(default=0)


class MailInTransit(BaseModel):
    """What the log has said so far of a message Postfix still holds; gone with it."""

    queue_id = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()
    client = models.CharField(max_length=45, blank=True)
    is_submitted = models.BooleanField(default=False)
    message_id = models.CharField(max_length=400, blank=True)
    sender = models.CharField(max_length=320, blank=True)
    size = models.BigIntegerField(default=0)


class MailTrace(BaseModel):
    """A message on its way to one recipient, as Postfix told it; an académie sees those from and to its own addresses.

    ``sender`` and ``recipient`` are in lower case, without the ``+`` part of an address of ours; ``written_to`` keeps that part.
    ``party`` is the domain of whoever is not ours.
    """

    class Direction(models.TextChoices):
        IN = "in", _("reçu")
        OUT = "out", _("envoyé")
        INTERNAL = "internal", _("interne")

    class Status(models.TextChoices):
        SENT = "sent", _("remis")
        DEFERRED = "deferred", _("en attente")
        BOUNCED = "bounced", _("non remis")
        REJECTED = "rejected", _("refusé à l'entrée")
        POSTPONED = "postponed", _("à représenter")
        HELD = "held", _("retenu")
        DISCARDED = "discarded", _("écarté")

    FAILED = frozenset({Status.BOUNCED, Status.REJECTED})

    at = models.DateTimeField(help_text="when it came in, or was refused")
    last_at = models.DateTimeField(help_text="of the last step")
    queue_id = models.CharField(max_length=20, blank=True)
    message_id = models.CharField(max_length=400, blank=True)
    sender = models.CharField(max_length=320, blank=True)
    recipient = models.CharField(max_length=320, blank=True)
    written_to = models.CharField(max_length=320, blank=True)
    delivered_to = models.CharField(max_length=320, blank=True, help_text="where an alias led")
    party = models.CharField(max_length=253, blank=True)
    sender_organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="+")
    recipient_organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="+")
    direction = models.CharField(max_length=10, choices=Direction.choices)
    is_submitted = models.BooleanField(default=False, help_text="left by somebody signed in, or by the service")
    status = models.CharField(max_length=10, choices=Status.choices)
    dsn = models.CharField(max_length=11, blank=True)
    relay = models.CharField(max_length=255, blank=True)
    client = models.CharField(max_length=45, blank=True, help_text="who handed it over; blank for our own people")
    size = models.BigIntegerField(default=0)
    steps = models.JSONField(default=list, help_text="what happened, in order: at, status, dsn, relay, words")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["queue_id", "recipient", "delivered_to"], condition=~Q(queue_id=""), name="trace_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["sender", "at"], name="trace_sender"),
            models.Index(fields=["recipient", "at"], name="trace_recipient"),
            models.Index(fields=["party", "at"], name="trace_party", condition=~Q(party="")),
            models.Index(fields=["message_id"], name="trace_message_id", condition=~Q(message_id="")),
            models.Index(fields=["last_at"], name="trace_last_at"),
        ]
