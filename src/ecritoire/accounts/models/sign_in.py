"""Attempts to sign in, on every protocol."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from .account import Account


class SignInEvent(models.Model):
    """One attempt to sign in, on any protocol."""

    class Protocol(models.TextChoices):
        WEB = "web", _("site web")
        IMAP = "imap", "IMAP"
        POP3 = "pop3", "POP3"
        SMTP = "smtp", "SMTP"
        DAV = "dav", "CalDAV, CardDAV"
        SSO = "sso", _("authentification unique")

    class Result(models.TextChoices):
        SUCCESS = "success", _("réussie")
        WRONG_PASSWORD = "wrong_password", _("mot de passe incorrect")
        UNKNOWN_LOGIN = "unknown_login", _("identifiant inconnu")
        EXPIRED = "expired", _("mot de passe temporaire expiré")
        LOCKED = "locked", _("trop de tentatives")
        INACTIVE = "inactive", _("compte fermé")
        FORGIVEN = "forgiven", _("échec effacé")
        NOT_ACTIVATED = "not_activated", _("compte à activer")
        PASSWORD_EXPIRED = "password_old", _("mot de passe périmé")
        WRONG_CODE = "wrong_code", _("code ou clé refusé")
        SUSPECTED = "suspected", _("attaque présumée")
        NOT_A_SECRET = "not_a_secret", _("mot de passe au lieu d'un secret d'application")
        OUT_OF_SCOPE = "out_of_scope", _("protocole que ce secret n'ouvre pas")
        REVOKED_SECRET = "revoked_secret", _("secret d'application retiré")

    at = models.DateTimeField(auto_now_add=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="sign_ins")
    login = models.CharField(max_length=254)
    protocol = models.CharField(max_length=4, choices=Protocol)
    result = models.CharField(max_length=14, choices=Result)
    address = models.GenericIPAddressField(null=True)
    application = models.CharField(max_length=300, blank=True, help_text="user agent, app password or service")
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 code of the address's allocation")
    device = models.CharField(max_length=60, blank=True, help_text="family of the device, e.g. « Firefox, Windows »")

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["account", "-at"]),
            models.Index(fields=["login", "address", "-at"]),
            models.Index(fields=["-at"]),
        ]
