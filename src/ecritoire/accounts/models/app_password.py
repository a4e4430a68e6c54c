"""Secrets of mail applications."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel

from .account import Account


class AppFamily(models.TextChoices):
    """What the person says the application is; the proxy cannot see it."""

    THUNDERBIRD = "thunderbird", _("Thunderbird (ordinateur)")
    ANDROID = "android", _("Thunderbird pour Android, K-9 Mail")
    APPLE = "apple", _("Mail d'Apple (iPhone, iPad, Mac)")
    OUTLOOK = "outlook", _("Outlook")
    GMAIL = "gmail", _("Gmail (application Android)")
    FAIREMAIL = "fairemail", _("FairEmail")
    OTHER = "other", _("autre application")


class MailProtocol(models.TextChoices):
    """What a secret may open. The values are nginx's, and those of ``SignInEvent.Protocol``."""

    IMAP = "imap", _("réception (IMAP)")
    POP3 = "pop3", _("réception (POP)")
    SMTP = "smtp", _("envoi (SMTP)")


def every_protocol() -> list[str]:
    return [str(value) for value in MailProtocol.values]


class AppPassword(BaseModel):
    """A secret for one mail application. Random and long, so a keyed hash (HMAC-SHA-256) is enough.

    It opens ``protocols`` and no other. ``dormant_told_at`` is when its owner was told that it sleeps; use clears it.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="app_passwords")
    name = models.CharField(max_length=80)
    family = models.CharField(max_length=12, choices=AppFamily, default=AppFamily.OTHER)
    protocols = models.JSONField(default=every_protocol)
    secret_hash = models.CharField(max_length=64, unique=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_address = models.GenericIPAddressField(null=True, blank=True)
    last_used_protocol = models.CharField(max_length=8, blank=True)
    dormant_told_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def protocol_labels(self) -> str:
        return protocol_labels(self.protocols)


def protocol_labels(protocols: list[str]) -> str:
    """E.g. « réception (IMAP), envoi (SMTP) »."""
    return ", ".join(str(MailProtocol(protocol).label) for protocol in protocols)
