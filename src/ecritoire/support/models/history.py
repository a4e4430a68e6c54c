"""What happened to a request, step by step: read on its page, measured by statistics, told to other programs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account
from ecritoire.common.models import BaseModel

from .ticket import Ticket


class TicketEvent(BaseModel):
    """One step. ``detail`` has what changed, by field: ``{"state": ["new", "waiting"]}``. ``actor`` is None for the service itself."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("ouverte")
        WRITTEN = "written", _("la personne a écrit")
        ANSWERED = "answered", _("réponse envoyée")
        NOTED = "noted", _("note ajoutée")
        TAKEN = "taken", _("confiée")
        CHANGED = "changed", _("classée")
        MOVED = "moved", _("changée de ligne")
        HANDED = "handed", _("transmise à l'assistance")
        ESCALATED = "escalated", _("délai signalé")
        ACKNOWLEDGED = "acknowledged", _("alerte prise en charge")
        SETTLED = "settled", _("close par la personne")
        ATTACHED = "attached", _("rattachée à un incident")
        DETACHED = "detached", _("détachée de l'incident")
        MERGED = "merged", _("regroupée avec une autre")
        UNMERGED = "unmerged", _("rendue indépendante")
        LINKED = "linked", _("liée à une autre")
        UNLINKED = "unlinked", _("lien retiré")
        SPLIT = "split", _("message séparé en une nouvelle demande")
        WATCHED = "watched", _("suivie par quelqu'un de plus")
        UNWATCHED = "unwatched", _("plus suivie par quelqu'un")
        REMINDED = "reminded", _("rappel envoyé")
        CLOSED = "closed", _("close d'elle-même")
        REOPENED = "reopened", _("rouverte par la personne")
        RATED = "rated", _("avis donné")
        ACTED = "acted", _("action sur le compte")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    actor = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    program = models.CharField(max_length=80, blank=True, help_text="the other program that acted")
    detail = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["id"]
