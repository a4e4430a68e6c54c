"""Base model and the audit log."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class BaseModel(models.Model):
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class AuditEvent(models.Model):
    """A privileged act. Append-only: the application may not update or delete a row (see the migration).

    ``digest`` chains each row to the one before, so that a row altered or removed behind the application's
    back breaks the chain.
    """

    at = models.DateTimeField()
    actor = models.CharField(max_length=254, help_text="login of who acted, or 'system'")
    action = models.CharField(max_length=80)
    target = models.CharField(max_length=254)
    detail = models.JSONField(default=dict)
    domain = models.CharField(
        max_length=253,
        null=True,
        help_text="mail domain of the académie concerned; '' = the installation, NULL = from before there were several",
    )
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["target", "at"]),
            models.Index(fields=["actor", "at"]),
            models.Index(fields=["action", "at"]),
            models.Index(fields=["domain", "id"]),
        ]
