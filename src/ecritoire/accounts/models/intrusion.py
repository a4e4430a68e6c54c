"""A suspected takeover being dealt with, and what changed in the means of recovery."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel

from .account import Account
from .alert import SignInAlert


class Intrusion(BaseModel):
    """« Ce n'était pas moi »: one guided gesture, that may be left and taken up again."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="intrusions")
    alert = models.ForeignKey(SignInAlert, on_delete=models.SET_NULL, null=True, blank=True, related_name="intrusions")
    since = models.DateTimeField(help_text="changes from then on are shown to the person")
    secured_at = models.DateTimeField(null=True, blank=True)
    sessions_closed = models.PositiveIntegerField(default=0)
    secrets_revoked = models.PositiveIntegerField(default=0)
    rules_removed = models.JSONField(default=list)
    recovery_restored = models.JSONField(default=list)
    contacts_told = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]


class RecoveryChange(BaseModel):
    """What the means of recovery were before a change, so that a thief's change can be undone."""

    class Kind(models.TextChoices):
        ADDRESS = "address", _("adresse de secours")
        QUESTIONS = "questions", _("questions secrètes")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recovery_changes")
    kind = models.CharField(max_length=9, choices=Kind)
    former_address = models.EmailField(blank=True)
    former_questions = models.JSONField(default=dict, help_text="question -> hash of its answer")
    restored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
