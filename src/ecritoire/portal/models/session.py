"""What a person opened through the single sign-on, so that it can be closed."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ecritoire.accounts.models import Account
from ecritoire.common.models import BaseModel

from .service import Service


def random_handle() -> str:
    return secrets.token_urlsafe(24)


class ServiceSession(BaseModel):
    """A person in a service, entered from one web session.

    ``handle`` is what the service knows it by: the ``sid`` of OIDC, the ticket of CAS, the session index of SAML. It is
    random, so that two services cannot tell that they share a session. ``bond`` follows the web session when it
    changes its key (``session_key``) at a new sign-in.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="sessions")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="service_sessions")
    session_key = models.CharField(max_length=40, db_index=True)
    bond = models.CharField(max_length=40, db_index=True)
    handle = models.CharField(max_length=64, unique=True, default=random_handle)
    address = models.URLField(max_length=1000, blank=True, help_text="CAS: the page the ticket was issued for")
    name_format = models.CharField(max_length=100, blank=True, help_text="SAML: which kind of identifier was given")
    signed_in_at = models.DateTimeField(help_text="when the password was last given")
    amr = ArrayField(models.CharField(max_length=10), default=list)
    was_fresh = models.BooleanField(default=False, help_text="the person has just given their password for this entry")
    redeemed_at = models.DateTimeField(null=True, blank=True, help_text="CAS: when the ticket was spent")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["service", "-id"])]


class Consent(BaseModel):
    """A person agreed that a service which is not the académie's own learns ``claims`` of them."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="consents")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="consents")
    claims = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "service"], name="consent_once")]
