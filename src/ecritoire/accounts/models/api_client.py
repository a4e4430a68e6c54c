"""Programs that feed the directory or work with the help desk, and the token each shows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel
from ecritoire.directory.models import FeedSource, Organisation


class ApiScope(models.TextChoices):
    SCIM_WRITE = "scim:write", _("SCIM 2.0 : lire et écrire")
    SCIM_READ = "scim:read", _("SCIM 2.0 : lire seulement")
    STAFF_WRITE = "staff:write", _("appel REST : lire et écrire")
    STAFF_READ = "staff:read", _("appel REST : lire seulement")
    TICKETS_WRITE = "tickets:write", _("demandes d'assistance : lire, ouvrir, répondre, classer")
    TICKETS_READ = "tickets:read", _("demandes d'assistance : lire seulement")
    INCIDENTS_WRITE = "incidents:write", _("incidents : lire, déclarer, clore")
    INCIDENTS_READ = "incidents:read", _("incidents : lire seulement")


FEEDING = ("scim", "staff")
"""Protocols of which a client speaks one at most: what it says is what its source says."""


class ApiClient(BaseModel):
    """A program of one académie. If it feeds the directory, what it says is what ``source`` says; it sees that, and no other people.

    The token has 256 random bits, so a keyed hash (HMAC-SHA-256) is enough; it is shown once. ``networks`` empty =
    from anywhere.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="api_clients")
    source = models.OneToOneField(
        FeedSource, on_delete=models.PROTECT, null=True, blank=True, related_name="api_client"
    )
    name = models.CharField(max_length=80)
    scopes = models.JSONField(default=list)
    networks = models.JSONField(default=list, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    token_made_at = models.DateTimeField()
    created_by = models.CharField(max_length=254)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_address = models.GenericIPAddressField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="api_client_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def login(self) -> str:
        """How the audit journal names who acted."""
        return f"client:{self.pk}:{self.name}"

    @property
    def scope_labels(self) -> list[str]:
        return [str(ApiScope(scope).label) for scope in self.scopes]

    @property
    def feeds_by(self) -> str:
        """``scim``, ``staff``, or nothing for a program that does not feed the directory."""
        return next((name for name in FEEDING for scope in self.scopes if scope.startswith(f"{name}:")), "")

    def may(self, *scopes: ApiScope) -> bool:
        """Whether one of ``scopes`` was granted. Whoever may write may read."""
        granted = set(self.scopes)
        return any(scope in granted or scope.replace(":read", ":write") in granted for scope in scopes)
