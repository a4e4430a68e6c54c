"""What each protocol needs to know of a service."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from oauth2_provider.models import Application

from ecritoire.common.models import BaseModel

from .service import Service
from .session import ServiceSession


class OidcClient(BaseModel):
    """The OAuth application of a service, and where to tell it that a session has ended."""

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="oidc")
    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="client")
    logout_url = models.URLField(max_length=500, blank=True)


class TokenFamily(BaseModel):
    """Ties an authorization code, then the tokens it became, to the session in which the person agreed."""

    session = models.ForeignKey(ServiceSession, on_delete=models.CASCADE, related_name="families")
    code_hash = models.CharField(max_length=64, unique=True)
    family = models.UUIDField(null=True, blank=True, unique=True)


class CasClient(BaseModel):
    """Addresses for which tickets are issued: each stands for itself and what lies below it."""

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="cas")
    addresses = ArrayField(models.URLField(max_length=500))
    single_logout = models.BooleanField(default=True)


class SamlProvider(BaseModel):
    """A SAML service provider, as its own metadata describe it."""

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="saml")
    entity_id = models.CharField(max_length=500, unique=True)
    metadata = models.TextField()
