"""What gives a person back their access."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel

from .account import Account


class RecoveryAddress(BaseModel):
    """The alternate address. ``pending`` is one given but not yet verified; it replaces ``address`` once it is."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="recovery_address")
    address = models.EmailField(blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    pending = models.EmailField(blank=True)


class OneTimeCode(BaseModel):
    """A six-digit code sent to an alternate address; kept hashed, one for each purpose, used once."""

    class Purpose(models.TextChoices):
        VERIFY_ADDRESS = "verify_address", _("vérification de l'adresse de secours")
        RESET_PASSWORD = "reset_password", _("mot de passe oublié")
        LOST_FACTOR = "lost_factor", _("second facteur perdu")
        INTRUSION = "intrusion", _("soupçon d'intrusion")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="codes")
    purpose = models.CharField(max_length=14, choices=Purpose)
    code_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "purpose"], name="code_one_per_purpose")]


class SecretQuestion(BaseModel):
    """A further check in recovery, never sufficient alone. The case-folded answer is hashed like a password."""

    class Question(models.TextChoices):
        FIRST_STREET = "first_street", _("Dans quelle rue avez-vous habité en premier ?")
        CHILDHOOD_FRIEND = "childhood_friend", _("Quel est le prénom de votre meilleur ami d'enfance ?")
        FIRST_CONCERT = "first_concert", _("Quel est le premier concert auquel vous avez assisté ?")
        DREAM_TRADE = "dream_trade", _("Quel métier vouliez-vous faire à dix ans ?")
        FIRST_JOB_CITY = "first_job_city", _("Dans quelle ville avez-vous exercé votre premier emploi ?")
        FAVOURITE_BOOK = "favourite_book", _("Quel livre avez-vous relu le plus souvent ?")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="secret_questions")
    question = models.CharField(max_length=20, choices=Question)
    answer_hash = models.CharField(max_length=128)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "question"], name="secret_question_once")]
