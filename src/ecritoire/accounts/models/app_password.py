"""Secrets of mail applications."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from ecritoire.common.models import BaseModel

from .account import Account


class AppPassword(BaseModel):
    """A secret for one mail application. Random and long, so a keyed hash (HMAC-SHA-256) is enough."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="app_passwords")
    name = models.CharField(max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_address = models.GenericIPAddressField(null=True, blank=True)
    last_used_protocol = models.CharField(max_length=8, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
