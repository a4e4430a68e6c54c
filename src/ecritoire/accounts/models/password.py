"""Former passwords, reminders to renew one, and the proof of identity a reset by support rests on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel

from .account import Account


class PasswordHistory(BaseModel):
    """A former password, hashed as it was. No more are kept than the policy looks at."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)

    class Meta:
        ordering: ClassVar = ["-id"]


class PasswordReminder(BaseModel):
    """A reminder sent ``days`` before the password is due, so that each is sent once."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="password_reminders")
    due_on = models.DateField()
    days = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "due_on", "days"], name="password_reminder_once")
        ]


class IdentityProof(BaseModel):
    """How support made sure of who asked for a new password. Says what was seen, keeps no copy of it."""

    class Kind(models.TextChoices):
        IDENTITY_CARD = "identity_card", _("pièce d'identité vue")
        STAFF_CARD = "staff_card", _("carte professionnelle vue")
        KNOWN = "known", _("personne reconnue par sa direction ou son référent numérique")
        CALL_BACK = "call_back", _("rappel au numéro connu des ressources humaines")

    class Channel(models.TextChoices):
        LETTER = "letter", _("lettre remise en main propre")
        MAIL = "mail", _("message à l'adresse privée connue")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="identity_proofs")
    kind = models.CharField(max_length=14, choices=Kind)
    channel = models.CharField(max_length=6, choices=Channel)
    seen_by = models.CharField(max_length=120)
    note = models.TextField(max_length=1000, blank=True)
    recorded_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
