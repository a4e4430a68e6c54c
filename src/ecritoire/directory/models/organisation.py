"""An académie, its schools and services."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel


class Organisation(BaseModel):
    """An académie: its mail domain and name. One installation may serve several."""

    name = models.CharField(max_length=120)
    mail_domain = models.CharField(max_length=253, unique=True)

    def __str__(self) -> str:
        return self.name


class Structure(BaseModel):
    """A school or a service, known by its UAI (seven digits and a check letter)."""

    class Kind(models.TextChoices):
        PRIMARY = "primary", _("école")
        MIDDLE = "middle", _("collège")
        HIGH = "high", _("lycée")
        VOCATIONAL = "vocational", _("lycée professionnel")
        SERVICE = "service", _("service académique")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="structures")
    uai = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=Kind)
    city = models.CharField(max_length=120)
    search_name = models.CharField(max_length=300, blank=True, help_text="folded name, city and UAI, for look-ups")

    class Meta:
        indexes: ClassVar = [GinIndex(OpClass("search_name", name="gin_trgm_ops"), name="structure_search_trigrams")]

    def __str__(self) -> str:
        return f"{self.name} ({self.uai})"
