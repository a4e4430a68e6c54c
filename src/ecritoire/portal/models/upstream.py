"""Who a person is at the upstream identity provider."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from ecritoire.accounts.models import Account
from ecritoire.common.models import BaseModel


class UpstreamIdentity(BaseModel):
    """Tied at the first sign-in: from then on the address may change, and nobody else may claim the account."""

    issuer = models.URLField(max_length=300)
    subject = models.CharField(max_length=255)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="upstream_identities")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="upstream_subject_once"),
            models.UniqueConstraint(fields=["issuer", "account"], name="upstream_account_once"),
        ]
