"""A request for help and what is said about it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Cast, Extract
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account
from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation, Structure

from .queue import Queue

NARROWED = ("kind", "structure")
"""What the statistics are narrowed by."""
COUNTED = (
    "structure",
    "queue",
    "first_answered_at",
    "resolved_at",
    "response_due",
    "resolution_due",
    "answer_seconds",
    "resolution_seconds",
    "answer_minutes",
    "resolution_minutes",
    "reopenings",
    "kind",
    "channel",
    "state",
)
"""What the statistics read: in an index, three years are counted without the texts being read. Of fixed size first: quicker to read."""


def _elapsed(end: str) -> models.GeneratedField:
    """Seconds since the opening, kept by the database itself: half a million are sorted faster than pairs of moments."""
    spent = Extract(
        ExpressionWrapper(F(end) - F("created_at"), output_field=models.DurationField()),
        "epoch",
        output_field=models.FloatField(),
    )
    return models.GeneratedField(
        expression=Cast(spent, models.IntegerField()), output_field=models.IntegerField(null=True), db_persist=True
    )


class Ticket(BaseModel):
    """One request. ``account`` is None when nobody could be recognised: ``login`` is then only what was typed.

    ``contact`` is where the person says they can be reached, unverified unless they were signed in. ``facts`` is what
    was known when it was opened: the sign-ins that failed (codes of ``SignInEvent``) and what the opener gave.
    ``search_name`` is folded, for look-ups. The table has one more column, ``search``, which a trigger fills with the words of the
    request and of its messages (migration 0008): only ``desk_list`` reads it.
    """

    class Kind(models.TextChoices):
        FORGOTTEN_PASSWORD = "forgotten", _("mot de passe oublié")
        LOST_FACTOR = "lost_factor", _("second facteur perdu")
        TAKEOVER = "takeover", _("compte compromis")
        LOCKED = "locked", _("compte bloqué")
        MAIL = "mail", _("envoi ou réception de messages")
        DEVICE = "device", _("téléphone ou logiciel de courrier")
        ACTIVATION = "activation", _("activation du compte")
        RIGHT = "right", _("contrat ou affectation renouvelés")
        SERVICE = "service", _("accès à un service du portail")
        PEDAGOGY = "pedagogy", _("question pédagogique")
        SCHOOL = "school", _("matériel ou organisation de l'établissement")
        CALLBACK = "callback", _("être rappelé par téléphone")
        OTHER = "other", _("autre")

    class Channel(models.TextChoices):
        PORTAL = "portal", _("portail")
        SIGN_IN = "sign_in", _("page de connexion")
        MAIL = "mail", _("courriel")
        PHONE = "phone", _("téléphone")
        CONTACT = "contact", _("référent numérique")
        FORUM = "forum", _("forum")
        API = "api", _("autre logiciel")
        SERVICE = "service", _("le service")

    class Route(models.TextChoices):
        """Who has it first."""

        DESK = "desk", _("l'assistance")
        SPECIALIST = "specialist", _("l'interlocuteur de la discipline")
        CONTACT = "contact", _("le référent de l'établissement d'abord")
        ALERT = "alert", _("alerte critique")

    class Priority(models.IntegerChoices):
        CRITICAL = 1, _("critique")
        HIGH = 2, _("haute")
        NORMAL = 3, _("normale")

    class State(models.TextChoices):
        NEW = "new", _("nouvelle")
        IN_PROGRESS = "in_progress", _("en cours")
        WAITING = "waiting", _("en attente de la personne")
        RESOLVED = "resolved", _("résolue")
        CLOSED = "closed", _("close")

    OPEN: ClassVar = (State.NEW, State.IN_PROGRESS, State.WAITING)

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="tickets", help_text="whose help desk handles it"
    )
    number = models.CharField(max_length=12, unique=True, help_text="year and rank, e.g. 2026-000123")
    kind = models.CharField(max_length=12, choices=Kind)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.PORTAL)
    queue = models.ForeignKey(Queue, on_delete=models.SET_NULL, null=True, blank=True, related_name="tickets")
    route = models.CharField(max_length=10, choices=Route, default=Route.DESK)
    contact_until = models.DateTimeField(
        null=True, blank=True, help_text="when a request that its local contacts have goes to the desk by itself"
    )
    structure = models.ForeignKey(
        Structure,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="where the person worked",
    )
    subject = models.CharField(max_length=160)
    text = models.TextField(max_length=5000)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, blank=True, related_name="tickets")
    login = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=160, blank=True)
    contact = models.CharField(max_length=254, blank=True)
    opened_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    assignee = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    incident = models.ForeignKey("Incident", on_delete=models.SET_NULL, null=True, blank=True, related_name="tickets")
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged")
    call_at = models.DateTimeField(
        null=True, blank=True, help_text="the beginning of the half-hour chosen to be called"
    )
    facts = models.JSONField(default=dict)
    search_name = models.CharField(max_length=600, blank=True)
    last_message_at = models.DateTimeField(null=True, blank=True)
    first_answered_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    answer_seconds = _elapsed("first_answered_at")
    resolution_seconds = _elapsed("resolved_at")
    answer_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="open time until the first answer, as the calendar was then"
    )
    resolution_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="open time until the resolution that stands"
    )
    reopenings = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="how often the person wrote again after it was over"
    )
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="when the person waited for was reminded")
    response_due = models.DateTimeField(null=True, blank=True, db_index=True)
    resolution_due = models.DateTimeField(null=True, blank=True, db_index=True)
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="the next of both; None while the person is awaited, and once it is over"
    )
    warn_at = models.DateTimeField(null=True, blank=True, help_text="when four fifths of that time have passed")
    escalation = models.PositiveSmallIntegerField(
        default=0, help_text="what was told: 1 and 2 of the answer (soon, late), 3 and 4 of the resolution"
    )

    class Meta:
        ordering: ClassVar = ["priority", "created_at"]
        indexes: ClassVar = [
            models.Index(fields=["state", "priority", "created_at"]),
            models.Index(
                fields=["login", "kind"], condition=Q(state__in=["new", "in_progress", "waiting"]), name="ticket_open"
            ),
            models.Index(fields=["organisation", "priority", "created_at", "id"], name="ticket_pressing"),
            models.Index(
                fields=["organisation", "priority", "created_at", "id"],
                condition=Q(state__in=["new", "in_progress", "waiting"]),
                name="ticket_pressing_open",
            ),
            models.Index(fields=["organisation", "state", "priority", "created_at", "id"], name="ticket_by_state"),
            models.Index(fields=["organisation", "created_at", "id"], name="ticket_newest"),
            models.Index(fields=["organisation", "created_at"], include=COUNTED, name="ticket_counted"),
            models.Index(
                fields=["organisation", "resolved_at"], include=("created_at", "state", *NARROWED), name="ticket_over"
            ),
            models.Index(fields=["warn_at"], condition=Q(warn_at__isnull=False), name="ticket_warn"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="ticket_due"),
            models.Index(fields=["contact_until"], condition=Q(route="contact"), name="ticket_contact"),
            GinIndex(OpClass("search_name", name="gin_trgm_ops"), name="ticket_search_trigrams"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_pressing(self) -> bool:
        return self.is_open and self.priority <= self.Priority.HIGH

    @property
    def requester(self) -> str:
        """Whoever needs help, as well as they are known."""
        return self.name or self.login or str(_("personne inconnue"))


class TicketMessage(BaseModel):
    """Something said after the first text. The person and their local contacts never see an internal note."""

    class Audience(models.TextChoices):
        PUBLIC = "public", _("réponse")
        INTERNAL = "internal", _("note interne")
        RELAY = "relay", _("note du référent")

    class Side(models.TextChoices):
        PERSON = "person", _("la personne")
        SUPPORT = "support", _("l'assistance")
        CONTACT = "contact", _("le référent numérique")
        SYSTEM = "system", _("le service")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    program = models.CharField(max_length=80, blank=True, help_text="the other program that wrote it")
    side = models.CharField(max_length=8, choices=Side)
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.PUBLIC)
    text = models.TextField(max_length=5000)

    class Meta:
        ordering: ClassVar = ["id"]
