"""What gives a person the right to a mailbox: assignments and contracts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel

from .feed import FeedSource
from .organisation import Structure
from .person import Person


class SaidPeriod(BaseModel):
    """From ``starts_on`` to ``ends_on`` (inclusive; None = open), as ``source`` says."""

    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    source = models.ForeignKey(
        FeedSource,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="who says so; None: a decision here",
    )

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="%(class)s_dates"
            ),
        ]


class Assignment(SaidPeriod):
    """A person at work in a structure, from ``starts_on`` to ``ends_on`` (inclusive; None = open)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="assignments")
    function = models.CharField(max_length=80)
    function_code = models.CharField(max_length=8, blank=True, help_text="AAF's: ENS, DIR, ADM, DOC, EDU…")

    class Meta(SaidPeriod.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "structure", "function", "starts_on"], name="assignment_once"),
            *SaidPeriod.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.function}, {self.structure}"


class Contract(SaidPeriod):
    """An engagement of a person, from ``starts_on`` to ``ends_on`` (inclusive; None = open). ``number`` is HR's.

    Whoever has contracts keeps their mailbox by them; the others by their assignments (``services.rights``).
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contracts")
    number = models.CharField(max_length=40)

    class Meta(SaidPeriod.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "number"], name="contract_once"),
            *SaidPeriod.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.number}"


class Leave(SaidPeriod):
    """A time away during which the right to the mailbox goes on (a statutory right of the agent)."""

    class Kind(models.TextChoices):
        SICK = "sick", _("congé de maladie")
        PARENTAL = "parental", _("congé parental ou de maternité")
        TRAINING = "training", _("congé de formation")
        AVAILABILITY = "availability", _("disponibilité")
        OTHER = "other", _("autre congé")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="leaves")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OTHER)

    class Meta(SaidPeriod.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "starts_on"], name="leave_once"),
            *SaidPeriod.Meta.constraints,
        ]
