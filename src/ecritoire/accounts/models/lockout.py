"""What keeps a person out for a while, and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .account import Account
from .sign_in import SignInEvent


class Lockout(models.Model):
    """One time somebody is kept out. ``ended_at`` is in the future while it lasts; None until the password is renewed."""

    class Cause(models.TextChoices):
        WRONG_PASSWORD = "wrong_password", _("mots de passe incorrects")
        EXPIRED = "expired", _("mot de passe expiré")
        WRONG_CODE = "wrong_code", _("codes incorrects")
        SUSPECTED = "suspected", _("attaque présumée")

    class End(models.TextChoices):
        TIME = "time", _("d'elle-même")
        SUPPORT = "support", _("par l'assistance")
        RESET = "reset", _("nouveau mot de passe")

    login = models.CharField(max_length=254, help_text="as typed: nobody may have it")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="lockouts")
    address = models.GenericIPAddressField(null=True)
    protocol = models.CharField(max_length=4, choices=SignInEvent.Protocol)
    cause = models.CharField(max_length=14, choices=Cause)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=7, choices=End, default=End.TIME)
    failures = models.PositiveIntegerField(default=0, help_text="failed tries that led to it")

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["login", "-started_at"]), models.Index(fields=["started_at"])]

    @property
    def lasts(self) -> bool:
        return self.ended_at is None or self.ended_at > timezone.now()
