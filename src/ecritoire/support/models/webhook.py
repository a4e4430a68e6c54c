"""Other programs that want to be told of what happens, and what each was told."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation

from .ticket import Ticket


class Webhook(BaseModel):
    """An address told of some events of an académie. ``secret`` is sealed, since each delivery is signed with it; after a
    rotation the former one signs too, for a day. ``failing_since`` is the first failure since the last success."""

    class Event(models.TextChoices):
        TICKET_OPENED = "ticket.opened", _("demande ouverte")
        TICKET_WRITTEN = "ticket.written", _("la personne a écrit")
        TICKET_ANSWERED = "ticket.answered", _("réponse envoyée")
        TICKET_CHANGED = "ticket.changed", _("demande classée, confiée, rattachée")
        TICKET_RESOLVED = "ticket.resolved", _("demande résolue")
        TICKET_CLOSED = "ticket.closed", _("demande close")
        INCIDENT_DECLARED = "incident.declared", _("incident déclaré")
        INCIDENT_UPDATED = "incident.updated", _("message sur un incident")
        INCIDENT_RESOLVED = "incident.resolved", _("incident terminé")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=300)
    former_secret = models.CharField(max_length=300, blank=True)
    rotated_at = models.DateTimeField(null=True, blank=True)
    events = models.JSONField(default=list)
    with_texts = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    created_by = models.CharField(max_length=254)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "name"], name="webhook_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def event_labels(self) -> list[str]:
        return [str(self.Event(event).label) for event in self.events if event in self.Event.values]


class WebhookDelivery(BaseModel):
    """One thing told to one address: written in the transaction of the change itself, sent by a job. ``body`` is sent as it is
    each time. While a job sends it, ``next_at`` is when another may, should that one die."""

    class State(models.TextChoices):
        PENDING = "pending", _("à envoyer")
        DELIVERED = "delivered", _("reçue")
        FAILED = "failed", _("abandonnée")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    event = models.CharField(max_length=20)
    body = models.TextField()
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(default=0)
    excerpt = models.CharField(max_length=500, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=models.Q(state="pending"), name="webhook_due"),
            models.Index(fields=["created_at"], name="webhook_delivery_age"),
        ]

    def __str__(self) -> str:
        return self.message_id

    @property
    def message_id(self) -> str:
        return f"msg_{self.uid.hex}"
