"""Who works where, since when and until when, and under which address."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
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


class Person(BaseModel):
    """Somebody HR knows. ``employee_number`` is HR's key; feeds match on it."""

    class Category(models.TextChoices):
        TEACHER = "teacher", _("enseignant")
        ADMINISTRATIVE = "administrative", _("administratif")
        CONTRACT = "contract", _("contractuel")
        EXTERNAL = "external", _("intervenant extérieur")

    class Title(models.TextChoices):
        MRS = "mme", _("Mme")
        MR = "m", _("M.")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    employee_number = models.CharField(max_length=32)
    title = models.CharField(max_length=3, choices=Title, blank=True)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    birth_date = models.DateField(null=True, blank=True)
    category = models.CharField(max_length=14, choices=Category)
    search_name = models.CharField(max_length=200, db_index=True, help_text="folded names, for look-ups")
    private_email = models.EmailField(blank=True, help_text="a private address HR knows; never shown to others")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "employee_number"], name="person_employee_number")
        ]
        indexes: ClassVar = [
            models.Index(fields=["family_name", "given_name"]),
            GinIndex(OpClass("search_name", name="gin_trgm_ops"), name="person_search_trigrams"),
            GinIndex(OpClass(Upper("employee_number"), name="gin_trgm_ops"), name="person_number_trigrams"),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"


class Assignment(BaseModel):
    """A person at work in a structure, from ``starts_on`` to ``ends_on`` (inclusive; None = open)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="assignments")
    function = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "structure", "function", "starts_on"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")), name="assignment_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.function}, {self.structure}"


class EmailAddress(BaseModel):
    """An address once given. Rows are never deleted, so that an address is never given to another person.

    ``address`` is lower case. A person has at most one primary address; others are aliases.
    """

    address = models.EmailField(unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="addresses")
    is_primary = models.BooleanField(default=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_primary=True, retired_at__isnull=True), name="address_one_primary"
            )
        ]
        indexes: ClassVar = [GinIndex(OpClass("address", name="gin_trgm_ops"), name="address_trigrams")]

    def __str__(self) -> str:
        return self.address


class FeedRun(BaseModel):
    """One reading of an HR feed, applied or not: what it would change and what it refused."""

    class State(models.TextChoices):
        DRY_RUN = "dry_run", _("simulation")
        APPLIED = "applied", _("appliqué")
        REFUSED = "refused", _("refusé")

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

    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    acting_login = models.CharField(max_length=254)
