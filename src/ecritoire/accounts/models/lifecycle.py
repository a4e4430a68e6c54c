"""What happened to an account, and how long an account outlives the right to it."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.lifecycle import Event, State
from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation, Person

from .account import Account

DELAY_DAYS, RETENTION_DAYS = 30, 60


class AccountTransition(BaseModel):
    """One step of an account's life. ``reason`` is a short code (``Reason``), ``words`` what a person wrote beside it."""

    class Reason(models.TextChoices):
        ASSIGNMENT = "assignment", _("une affectation")
        ACTIVATION = "activation", _("le parcours d'activation")
        RIGHT_OVER = "right_over", _("la fin du contrat ou de l'affectation")
        DELAY_OVER = "delay_over", _("la fin du délai")
        RIGHT_BACK = "right_back", _("un contrat ou une affectation renouvelés")
        CANCELLED = "cancelled", _("une affectation annulée")
        DEATH = "death", _("un décès")
        RETENTION_OVER = "retention_over", _("la fin de la conservation")
        DECISION = "decision", _("une décision")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="transitions")
    generation = models.PositiveSmallIntegerField(default=1)
    event = models.CharField(max_length=10, choices=Event)
    from_state = models.CharField(max_length=12, choices=State, blank=True)
    to_state = models.CharField(max_length=12, choices=State)
    on = models.DateField(help_text="the day from which it holds")
    reason = models.CharField(max_length=14, choices=Reason)
    words = models.CharField(max_length=300, blank=True)
    acting_login = models.CharField(max_length=254, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "id"]), models.Index(fields=["event", "on"])]

    def __str__(self) -> str:
        return f"{self.account}: {self.event}"


class EndPolicy(BaseModel):
    """For one category of one académie; a category without a row has the defaults.

    ``delay_days`` from the end of the right to the closing (15 to 30, M3); ``retention_days`` from the closing to the purge.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="end_policies")
    category = models.CharField(max_length=14, choices=Person.Category)
    delay_days = models.PositiveSmallIntegerField(
        default=DELAY_DAYS, validators=[MinValueValidator(15), MaxValueValidator(30)]
    )
    retention_days = models.PositiveSmallIntegerField(
        default=RETENTION_DAYS, validators=[MinValueValidator(30), MaxValueValidator(365)]
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "category"], name="end_policy_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_category_display()}"


class LegalHold(BaseModel):
    """While one is open, nothing of the account is purged or erased."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="legal_holds")
    reference = models.CharField(max_length=120)
    acting_login = models.CharField(max_length=254)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=254, blank=True)

    def __str__(self) -> str:
        return f"{self.account}: {self.reference}"
