"""Mail applications: which ones exist, which ones the DSI trusts, who asked for which."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation

from .account import Account
from .app_password import AppFamily, AppPassword, every_protocol, protocol_labels
from .policy import Population


class TrustedFamily(BaseModel):
    """A family approved without a decision, for one population of an académie or (blank) for all.

    Rows of no académie are what a new one starts with.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="trusted_families"
    )

    family = models.CharField(max_length=12, choices=AppFamily)
    population = models.CharField(max_length=14, choices=Population, blank=True)

    class Meta:
        ordering: ClassVar = ["family", "population"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "family", "population"], name="trusted_family_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=~models.Q(family=AppFamily.OTHER), name="trusted_family_known"),
        ]


class ApplicationRequest(BaseModel):
    """Somebody wants to read or send mail with an application. ``app_password`` is set once its secret was made."""

    class State(models.TextChoices):
        WAITING = "waiting", _("en attente")
        APPROVED = "approved", _("acceptée")
        REFUSED = "refused", _("refusée")
        WITHDRAWN = "withdrawn", _("abandonnée")
        DONE = "done", _("secret créé")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="application_requests")
    name = models.CharField(max_length=80)
    family = models.CharField(max_length=12, choices=AppFamily)
    protocols = models.JSONField(default=every_protocol)
    reason = models.TextField(max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_text = models.TextField(max_length=500, blank=True)
    app_password = models.OneToOneField(
        AppPassword, on_delete=models.SET_NULL, null=True, blank=True, related_name="request"
    )

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["state", "id"])]

    def __str__(self) -> str:
        return f"{self.account.login}: {self.name}"

    @property
    def protocol_labels(self) -> str:
        return protocol_labels(self.protocols)
