"""What is done so that requests of a category become fewer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation

from .ticket import Ticket


class CorrectiveMeasure(BaseModel):
    """Said beside the category in the statistics."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="corrective_measures")
    kind = models.CharField(max_length=12, choices=Ticket.Kind)
    text = models.CharField(max_length=300)

    class Meta:
        ordering: ClassVar = ["kind"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "kind"], name="measure_once")]
