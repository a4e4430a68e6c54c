"""What is usual for a person, and what was found unusual."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel

from .account import Account
from .sign_in import SignInEvent


class SignInProfile(models.Model):
    """What the rules have learnt of one person (``detection.Profile`` as JSON). ``assessed`` holds the last events
    looked at, so that a job run twice changes nothing."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="sign_in_profile")
    data = models.JSONField(default=dict)
    assessed = models.JSONField(default=list)


class NetworkUse(models.Model):
    """Who came from where, to learn which networks many people share: schools, carriers, relays."""

    network = models.CharField(max_length=64)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="networks")
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["network", "account"], name="network_use_once")]
        indexes: ClassVar = [models.Index(fields=["last_seen_at"])]


class SignInAlert(BaseModel):
    """One episode told to its person. The event's facts are copied: the alert outlives the history."""

    class Kind(models.TextChoices):
        SPRAY = "spray", _("mot de passe deviné par balayage")
        BURST = "burst", _("réussite après des échecs")
        TRAVEL = "travel", _("deux pays à la fois")
        NEW_COUNTRY = "new_country", _("nouveau pays")
        NEW_DEVICE = "new_device", _("nouvel appareil")

    class State(models.TextChoices):
        OPEN = "open", _("sans réponse")
        MINE = "mine", _("« c'était moi »")
        NOT_MINE = "not_mine", _("« ce n'était pas moi »")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=12, choices=Kind)
    findings = models.JSONField(default=list, help_text="kind, subject and facts of each, the most telling first")
    subjects = models.JSONField(default=list, help_text="what tells this episode from another")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)
    protocol = models.CharField(max_length=4, choices=SignInEvent.Protocol)
    address = models.GenericIPAddressField(null=True)
    country = models.CharField(max_length=2, blank=True)
    device = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-last_at"]
        indexes: ClassVar = [models.Index(fields=["account", "-last_at"]), models.Index(fields=["state", "-last_at"])]


class AlertLink(BaseModel):
    """The link of one message about an alert; kept hashed, used once, gone after three days."""

    class Channel(models.TextChoices):
        MAILBOX = "mailbox", _("boîte aux lettres")
        ALTERNATE = "alternate", _("adresse de secours")

    alert = models.ForeignKey(SignInAlert, on_delete=models.CASCADE, related_name="links")
    channel = models.CharField(max_length=9, choices=Channel)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class SprayEpisode(BaseModel):
    """Password spraying from one network, kept up to date while it lasts."""

    network = models.CharField(max_length=64)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    addresses = models.JSONField(default=list)
    country = models.CharField(max_length=2, blank=True)
    logins = models.PositiveIntegerField()
    tries = models.PositiveIntegerField()
    succeeded = models.JSONField(default=list, help_text="logins that got in from there meanwhile")
    by_domain = models.JSONField(default=dict, help_text="tries and identifiers by mail domain: [tries, logins]")

    class Meta:
        ordering: ClassVar = ["-last_at"]
        indexes: ClassVar = [models.Index(fields=["network", "-last_at"])]
