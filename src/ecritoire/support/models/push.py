"""Browsers that asked to be told at once (Web Push, RFC 8030)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from ecritoire.accounts.models import Account
from ecritoire.common.models import BaseModel


class PushSubscription(BaseModel):
    """One browser of one person. ``endpoint`` is where its maker's push service takes messages; what is sent is encrypted with
    ``p256dh`` and ``auth``, for that browser alone. ``with_subject``: a message says what the request is about."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=1000)
    digest = models.CharField(max_length=64, unique=True, help_text="of the endpoint")
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    device = models.CharField(max_length=120, blank=True)
    on_answers = models.BooleanField(default=True)
    on_pressing = models.BooleanField(default=False)
    with_subject = models.BooleanField(default=False)
    last_sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.device
