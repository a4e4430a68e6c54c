"""Somebody HR knows, and the addresses they were given."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel

from .organisation import Organisation


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
    employee_number = models.CharField(max_length=64)
    title = models.CharField(max_length=3, choices=Title, blank=True)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    birth_name = models.CharField(max_length=80, blank=True, help_text="name at birth, when it is another")
    birth_date = models.DateField(null=True, blank=True)
    category = models.CharField(max_length=14, choices=Category)
    search_birth_name = models.CharField(max_length=200, blank=True, help_text="given name and name at birth, folded")
    search_name = models.CharField(max_length=200, db_index=True, help_text="folded names, for look-ups")
    right_from = models.DateField(null=True, blank=True, help_text="first day of the right to a mailbox; see rights")
    right_until = models.DateField(null=True, blank=True, db_index=True, help_text="its last day; None = open")
    deceased_on = models.DateField(null=True, blank=True)
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

    @property
    def has_right(self) -> bool:
        """Today, by ``right_from`` and ``right_until``."""
        return self.had_right_on(timezone.localdate())

    def had_right_on(self, day: dt.date) -> bool:
        if self.right_from is None or self.deceased_on is not None:
            return False
        return self.right_from <= day and (self.right_until is None or day <= self.right_until)

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"


class EmailAddress(BaseModel):
    """An address once given. Rows are never deleted, so that an address is never given to another person.

    ``address`` is lower case. A person has at most one primary address; others are aliases. Those of functional
    mailboxes are here too (``functional`` instead of ``person``): there is one namespace.
    """

    address = models.EmailField(unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="addresses", null=True)
    functional = models.ForeignKey(
        "directory.FunctionalMailbox", on_delete=models.PROTECT, related_name="addresses", null=True
    )
    is_primary = models.BooleanField(default=True)
    kept_until = models.DateField(
        null=True, blank=True, help_text="the last day of an alias kept after a change of name"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_primary=True, retired_at__isnull=True), name="address_one_primary"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, functional__isnull=True)
                | Q(person__isnull=True, functional__isnull=False),
                name="address_of_somebody",
            ),
        ]
        indexes: ClassVar = [GinIndex(OpClass("address", name="gin_trgm_ops"), name="address_trigrams")]

    def __str__(self) -> str:
        return self.address
