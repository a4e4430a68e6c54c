"""The lines in which requests wait, and who handles each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from ecritoire.accounts.models import Account
from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation


class Queue(BaseModel):
    """A line of requests. With a ``discipline`` it is that subject's specialists', who see the requests of their own lines only.

    ``address``: told of new requests instead of each member.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="queues")
    name = models.CharField(max_length=80)
    discipline = models.CharField(max_length=80, blank=True, help_text="the subject, for specialists' lines")
    address = models.EmailField(blank=True)
    members = models.ManyToManyField(Account, blank=True, related_name="support_queues")

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "name"], name="queue_once")]

    def __str__(self) -> str:
        return self.name
