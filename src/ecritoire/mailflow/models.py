"""What the service remembers of the mail it was sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation


class Arrival(BaseModel):
    """A message taken in, for some days: one that Postfix hands over again is not taken twice. Digests only: nobody is named."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, unique=True, help_text="digest of its Message-ID, sender and recipient")
    sender = models.CharField(max_length=64, help_text="keyed digest of the sender's address, to count theirs")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sender", "created_at"])]
