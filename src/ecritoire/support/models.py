"""A request for help and what is said about it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account
from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation, Structure


class Ticket(BaseModel):
    """One request. ``account`` is None when nobody could be recognised: ``login`` is then only what was typed.

    ``contact`` is where the person says they can be reached, unverified unless they were signed in. ``facts`` is what
    was known when it was opened: the sign-ins that failed (codes of ``SignInEvent``) and what the opener gave.
    ``search_name`` is folded, for look-ups.
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
        CALLBACK = "callback", _("être rappelé par téléphone")
        OTHER = "other", _("autre")

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
    call_at = models.DateTimeField(
        null=True, blank=True, help_text="the beginning of the half-hour chosen to be called"
    )
    facts = models.JSONField(default=dict)
    search_name = models.CharField(max_length=600, blank=True)
    last_message_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["priority", "created_at"]
        indexes: ClassVar = [
            models.Index(fields=["state", "priority", "created_at"]),
            models.Index(
                fields=["login", "kind"], condition=Q(state__in=["new", "in_progress", "waiting"]), name="ticket_open"
            ),
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
    side = models.CharField(max_length=8, choices=Side)
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.PUBLIC)
    text = models.TextField(max_length=5000)

    class Meta:
        ordering: ClassVar = ["id"]


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


class Hotline(BaseModel):
    """The telephone of an académie's help desk. ``callers`` is how many calls back fit into one half-hour."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="hotline")
    phone = models.CharField(max_length=30)
    note = models.CharField(max_length=200, blank=True)
    callers = models.PositiveSmallIntegerField(default=2)

    def __str__(self) -> str:
        return f"{self.organisation}: {self.phone}"


class OpeningHours(BaseModel):
    """A range of a weekday (0 = Monday) during which somebody answers, in local time."""

    hotline = models.ForeignKey(Hotline, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering: ClassVar = ["weekday", "opens"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closes__gt=models.F("opens")), name="hours_order"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_weekday"),
        ]


class Closure(BaseModel):
    """Days, both included, when nobody answers, beyond weekends and public holidays."""

    hotline = models.ForeignKey(Hotline, on_delete=models.CASCADE, related_name="closures")
    first = models.DateField()
    last = models.DateField()
    label = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["first"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="closure_order")]
