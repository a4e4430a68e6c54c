"""What touches several people at once, what is said of it, and what similar requests propose."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation, Structure

from .ticket import Ticket


class Incident(BaseModel):
    """Something that touches several people, or a maintenance announced. ``structures`` empty = the whole académie.

    ``is_public``: also shown to whoever has not signed in, and on the status page. ``ends_at`` is when it is expected to be over.
    """

    class Severity(models.TextChoices):
        MAINTENANCE = "maintenance", _("maintenance prévue")
        MINOR = "minor", _("gêne")
        MAJOR = "major", _("panne partielle")
        CRITICAL = "critical", _("panne générale")

    class State(models.TextChoices):
        PLANNED = "planned", _("annoncé")
        OPEN = "open", _("en cours d'analyse")
        IDENTIFIED = "identified", _("cause trouvée")
        WATCHED = "watched", _("rétabli, sous surveillance")
        RESOLVED = "resolved", _("terminé")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="incidents")
    title = models.CharField(max_length=160)
    severity = models.CharField(max_length=11, choices=Severity)
    state = models.CharField(max_length=10, choices=State)
    structures = models.ManyToManyField(Structure, blank=True, related_name="+")
    is_public = models.BooleanField(default=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    declared_by = models.CharField(max_length=254)

    class Meta:
        ordering: ClassVar = ["-starts_at"]
        indexes: ClassVar = [models.Index(fields=["state", "starts_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state == self.State.RESOLVED


class IncidentUpdate(BaseModel):
    """What was said of an incident, and the state it was in from then on."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="updates")
    state = models.CharField(max_length=10, choices=Incident.State)
    text = models.TextField(max_length=2000)
    author_login = models.CharField(max_length=254)

    class Meta:
        ordering: ClassVar = ["-id"]


class IncidentProposal(BaseModel):
    """Similar requests of several people within minutes: perhaps an incident. Somebody decides."""

    class State(models.TextChoices):
        OPEN = "open", _("proposé")
        ACCEPTED = "accepted", _("déclaré")
        DISMISSED = "dismissed", _("écarté")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=160)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    tickets = models.ManyToManyField(Ticket, related_name="proposals")
    incident = models.ForeignKey(Incident, on_delete=models.SET_NULL, null=True, blank=True)

    def __str__(self) -> str:
        return self.title
