"""Figures of the dashboard: how many newcomers activate their account within three months (98 % is the mark to beat)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Func, Max, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format

from ecritoire.directory.models import Person

from .models import Account
from .services.probe import EMPLOYEE_NUMBER

REFERENCE = 98
COHORTS = 12
SCHOOLS = 40


@dataclass(frozen=True)
class Share:
    """``done`` of ``total`` newcomers within three months; ``settled`` once those months are over for all of them."""

    label: str
    total: int
    done: int
    settled: bool

    @property
    def percent(self) -> float:
        return 100 * self.done / self.total if self.total else 0

    @property
    def meets(self) -> bool:
        return self.percent >= REFERENCE


def _newcomers(organisation: int) -> Any:
    """Every account ever opened for a person of one académie, with the day by which it counts as activated in time."""
    months = Func(template="INTERVAL '3 months'", output_field=DurationField())
    due = ExpressionWrapper(F("created_at") + months, output_field=DateTimeField())
    people = Account.objects.filter(person__organisation=organisation)
    return people.exclude(person__employee_number=EMPLOYEE_NUMBER).annotate(due=due)


def _shares(rows: Any, field: str, label: Callable[[Any], str]) -> list[Share]:
    now = timezone.now()
    grouped = rows.values(field).annotate(
        total=Count("pk", distinct=True),
        done=Count("pk", distinct=True, filter=Q(activated_at__lte=F("due"))),
        last_due=Max("due"),
    )
    return [Share(label(row[field]), row["total"], row["done"], row["last_due"] <= now) for row in grouped]


def activation_total(organisation: int) -> Share:
    """All whose three months are over."""
    settled = _newcomers(organisation).filter(due__lte=timezone.now())
    counts = settled.aggregate(total=Count("pk"), done=Count("pk", filter=Q(activated_at__lte=F("due"))))
    return Share("", counts["total"], counts["done"], True)


def activation_by_cohort(organisation: int) -> list[Share]:
    """By month of arrival, the last twelve that had any."""
    rows = _newcomers(organisation).annotate(month=TruncMonth("created_at")).order_by("-month")
    return list(reversed(_shares(rows, "month", _month)[:COHORTS]))


def _month(moment: dt.datetime) -> str:
    return date_format(moment, "F Y")


def activation_by_category(organisation: int) -> list[Share]:
    rows = _newcomers(organisation).order_by("person__category")
    return _shares(rows, "person__category", lambda value: str(Person.Category(value).label))


def activation_by_school(organisation: int) -> list[Share]:
    """The schools furthest behind, those with few people among them: each counts whoever works or worked there."""
    rows = _newcomers(organisation).filter(person__assignments__isnull=False).order_by()
    shares = _shares(rows, "person__assignments__structure__name", str)
    return sorted(shares, key=lambda share: (share.percent, -share.total, share.label))[:SCHOOLS]
