"""Outside contributors: who asks for whom, what was answered, and who may answer in the DSI's place."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation, Person, Structure

from .account import Account

LONGEST_DAYS, ORPHAN_DAYS = 366, 30


class ContributorKind(models.TextChoices):
    TEACHING = "teaching", _("intervenant pédagogique")
    ARTS = "arts", _("intervenant artistique ou sportif")
    ASSOCIATION = "association", _("association partenaire")
    TRAINER = "trainer", _("formateur")
    PROVIDER = "provider", _("prestataire")
    OTHER = "other", _("autre intervenant")


class ContributorPolicy(BaseModel):
    """How one académie lets outside contributors in; without a row the defaults hold."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="contributor_policy")
    longest_days = models.PositiveSmallIntegerField(
        default=LONGEST_DAYS, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DAYS)]
    )
    opinion_asked = models.BooleanField(default=False, help_text="the head of the school is asked first")
    orphan_days = models.PositiveSmallIntegerField(
        default=ORPHAN_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text="how long a contributor stays without a sponsor",
    )


class ContributorRequest(BaseModel):
    """``sponsor`` asks that somebody from outside work in ``structure``. ``until`` is the last day granted.

    ``person`` is known once approved; a renewal is a request of its own that ``renews`` another.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("brouillon")
        OPINION = "opinion", _("avis de la direction attendu")
        WAITING = "waiting", _("en attente de décision")
        QUESTION = "question", _("complément demandé")
        APPROVED = "approved", _("acceptée")
        REFUSED = "refused", _("refusée")
        WITHDRAWN = "withdrawn", _("abandonnée")

    class Opinion(models.TextChoices):
        FOR = "for", _("favorable")
        AGAINST = "against", _("défavorable")

    OPEN = (State.OPINION, State.WAITING, State.QUESTION)
    DECIDABLE = (State.OPINION, State.WAITING)

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contributor_requests")
    sponsor = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="contributor_requests")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    kind = models.CharField(max_length=12, choices=ContributorKind, blank=True)
    given_name = models.CharField(max_length=80, blank=True)
    family_name = models.CharField(max_length=80, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    private_email = models.EmailField(blank=True)
    company = models.CharField(max_length=160, blank=True, help_text="the organisation they come from")
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    reason = models.TextField(max_length=1000, blank=True)
    needs = models.TextField(max_length=1000, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    opinion = models.CharField(max_length=8, choices=Opinion, blank=True)
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_text = models.CharField(max_length=500, blank=True)
    renews = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewals")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="contributor_requests"
    )
    until = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="when it was ended before its day")
    sponsor_lost_on = models.DateField(null=True, blank=True, help_text="since when the sponsor is gone")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="contributor_dates",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(person__isnull=False, until__isnull=False),
                name="contributor_approved_is_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state", "submitted_at"]),
            models.Index(fields=["until"], condition=Q(state="approved"), name="contributor_until"),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def number(self) -> str:
        """Of the contract it becomes, and of the person when they are new: a series of our own, which no feed knows."""
        return f"EXT-{self.pk:06d}"

    @property
    def first_day(self) -> dt.date:
        """A request decided late starts on the day of the decision."""
        return max(self.starts_on or timezone.localdate(), timezone.localdate())

    @property
    def is_present(self) -> bool:
        return self.state == self.State.APPROVED and self.until is not None and self.until >= timezone.localdate()


class ContributorStep(BaseModel):
    """What happened to a request, for all who may read it."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("demande envoyée")
        OPINION = "opinion", _("avis de la direction")
        QUESTION = "question", _("complément demandé")
        ANSWER = "answer", _("complément donné")
        APPROVED = "approved", _("accès accordé")
        REFUSED = "refused", _("demande refusée")
        WITHDRAWN = "withdrawn", _("demande abandonnée")
        REMINDER = "reminder", _("rappel de l'échéance")
        RENEWAL = "renewal", _("renouvellement demandé")
        SPONSOR_LOST = "lost", _("agent responsable parti")
        SPONSOR = "sponsor", _("nouvel agent responsable")
        ENDED = "ended", _("accès terminé")

    request = models.ForeignKey(ContributorRequest, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]


class ContributorReminder(BaseModel):
    """That sponsor and contributor were told ``days`` before the last day; once each."""

    request = models.ForeignKey(ContributorRequest, on_delete=models.CASCADE, related_name="reminders")
    days = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["request", "days"], name="contributor_reminder_once")]


class ContributorDelegation(BaseModel):
    """``delegate`` decides in the DSI's place, from ``starts_on`` to ``ends_on``: for one structure or all, one kind or all."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="contributor_delegations")
    delegate = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="contributor_delegations")
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, null=True, blank=True)
    kind = models.CharField(max_length=12, choices=ContributorKind, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    granted_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="contributor_delegation_dates")
        ]
