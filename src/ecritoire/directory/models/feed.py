"""Readings of HR feeds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel

from .organisation import Organisation


class FeedRun(BaseModel):
    """One reading of an HR feed, applied or not: what it would change and what it refused."""

    class State(models.TextChoices):
        DRY_RUN = "dry_run", _("simulation")
        APPLIED = "applied", _("appliqué")
        REFUSED = "refused", _("refusé")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="feed_runs")
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State)
    acting_login = models.CharField(max_length=254)
    rows = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    seconds = models.FloatField(default=0)

    class Meta:
        ordering: ClassVar = ["-id"]


class FeedUpload(BaseModel):
    """A file shown in a dry run, kept until it is applied: what is applied is what was simulated."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    acting_login = models.CharField(max_length=254)
