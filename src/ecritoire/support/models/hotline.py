"""The telephone of a help desk: its number, its hours, its closures."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation


class Hotline(BaseModel):
    """The telephone of an académie's help desk. ``callers`` is how many calls back fit into one half-hour."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="hotline")
    phone = models.CharField(max_length=30)
    note = models.CharField(max_length=200, blank=True)
    callers = models.PositiveSmallIntegerField(default=2)

    def __str__(self) -> str:
        return f"{self.organisation}: {self.phone}"


class OpeningHours(BaseModel):
    """A range of a weekday (0 = Monday) during which somebody answers, in local time."""

    hotline = models.ForeignKey(Hotline, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering: ClassVar = ["weekday", "opens"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closes__gt=models.F("opens")), name="hours_order"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_weekday"),
        ]


class Closure(BaseModel):
    """Days, both included, when nobody answers, beyond weekends and public holidays."""

    hotline = models.ForeignKey(Hotline, on_delete=models.CASCADE, related_name="closures")
    first = models.DateField()
    last = models.DateField()
    label = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["first"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="closure_order")]
