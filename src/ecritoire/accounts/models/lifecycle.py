"""What happened to an account, and how long an account outlives the right to it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.lifecycle import Event, State
from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation, Person

from .account import Account

DELAY_DAYS, RETENTION_DAYS = 30, 60
BEFORE_END, BEFORE_CLOSING = (30, 7), (7, 1)
MOST_BEFORE_END, MOST_BEFORE_CLOSING = 90, 29


def before_end() -> list[int]:
    return list(BEFORE_END)


def before_closing() -> list[int]:
    return list(BEFORE_CLOSING)


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
    ``before_end`` and ``before_closing`` are the calendar of reminders: so many days before the last day of the right, and
    before the last day of the account. One more goes out on the day after the right's last, whatever the calendar.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="end_policies")
    category = models.CharField(max_length=14, choices=Person.Category)
    delay_days = models.PositiveSmallIntegerField(
        default=DELAY_DAYS, validators=[MinValueValidator(15), MaxValueValidator(30)]
    )
    retention_days = models.PositiveSmallIntegerField(
        default=RETENTION_DAYS, validators=[MinValueValidator(30), MaxValueValidator(365)]
    )
    before_end = ArrayField(models.PositiveSmallIntegerField(), default=before_end)
    before_closing = ArrayField(models.PositiveSmallIntegerField(), default=before_closing)

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
    reason = models.CharField(max_length=300, blank=True)
    acting_login = models.CharField(max_length=254)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=254, blank=True)

    def __str__(self) -> str:
        return f"{self.account}: {self.reference}"


class EndReminder(BaseModel):
    """A reminder sent, once for each date it speaks of: a date that moves has reminders of its own.

    ``about`` is the last day of the right (``END``), the day after it (``ENDED``) or the last day of the account (``CLOSING``).
    """

    class About(models.TextChoices):
        END = "end", _("avant la fin du droit")
        ENDED = "ended", _("à la fin du droit")
        CLOSING = "closing", _("avant la fermeture")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="end_reminders")
    about = models.CharField(max_length=7, choices=About)
    date = models.DateField()
    days = models.PositiveSmallIntegerField(default=0)
    recipients = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "about", "date", "days"], name="end_reminder_once")
        ]


class AbsenceMessage(BaseModel):
    """What answers in the place of somebody whose right ends. ``words`` are theirs; empty, the service's own stand.

    ``is_wanted`` is the person's choice before the end (None: no choice made); once the account is ending it answers whatever
    they chose, unless their own rules answer already. ``is_set`` is what the store has been brought to.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="absence")
    words = models.TextField(max_length=1500, blank=True)
    contact = models.CharField(max_length=254, blank=True)
    is_wanted = models.BooleanField(null=True)
    is_set = models.BooleanField(default=False)


class FamilyContact(BaseModel):
    """Who asked for somebody who has died, so that the family can be answered. Erased with the mailbox."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="family_contact")
    text = models.CharField(max_length=300)
    acting_login = models.CharField(max_length=254)


class PurgeProof(BaseModel):
    """A purge, as far as it went, and what is left to prove it. ``rule`` is a ``Reason``.

    What the mailbox held is counted before anything goes, so that a purge cut short and taken up again proves the same.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="purges")
    generation = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=14, choices=AccountTransition.Reason)
    counts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 over the sorted list of messages")
    store_emptied_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    backups_until = models.DateField(null=True, blank=True, help_text="until when a backup may still hold it")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "generation"], name="purge_once")]
