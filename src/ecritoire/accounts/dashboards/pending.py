"""Who has not activated their account yet, since when, and what reminders were sent and brought."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.lifecycle import State
from ecritoire.accounts.models import Account, Relaunch, RelaunchBatch

from .scope import Scope, at_school

AGES = (
    ("month", _("depuis moins d'un mois"), 0, 30),
    ("quarter", _("depuis un à trois mois"), 30, 91),
    ("late", _("depuis plus de trois mois"), 91, None),
)
EFFECT_DAYS, SCHOOLS, BATCHES = 30, 15, 20


@dataclass(frozen=True)
class Filters:
    uai: str = ""
    age: str = ""
    category: str = ""
    relaunched: str = ""


@dataclass(frozen=True)
class SchoolPending:
    uai: str
    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Effect:
    """Of ``sent`` reminders by one channel, how many were followed by an activation within thirty days."""

    label: str
    sent: int
    activated: int

    @property
    def percent(self) -> float:
        return 100 * self.activated / self.sent if self.sent else 0


def pending(scope: Scope, asked: Filters | None = None) -> QuerySet[Account]:
    """Those waiting the longest first, each with the last reminder and how many there were."""
    rows, asked = scope.accounts().filter(state=State.PROVISIONED), asked or Filters()
    if asked.uai:
        rows = at_school(rows, scope, asked.uai)
    if asked.age:
        rows = rows.filter(_aged(asked.age))
    if asked.category:
        rows = rows.filter(person__category=asked.category)
    sent = Relaunch.objects.filter(account=OuterRef("pk")).order_by("-pk")
    rows = rows.annotate(
        last_relaunch=Subquery(sent.values("created_at")[:1]),
        last_channel=Subquery(sent.values("batch__channel")[:1]),
        relaunch_count=Subquery(sent.order_by().values("account").annotate(n=Count("pk")).values("n")),
    )
    if asked.relaunched:
        rows = rows.filter(last_relaunch__isnull=asked.relaunched == "no")
    return rows.select_related("person").order_by("created_at", "pk")


def too_soon() -> dt.datetime:
    """Whoever was reminded after this moment is left in peace."""
    return timezone.now() - dt.timedelta(days=settings.CONFIG.lifecycle.relaunch_days)


def _aged(name: str) -> Q:
    now = timezone.now()
    for key, _label, least, most in AGES:
        if key == name:
            old = Q(created_at__lte=now - dt.timedelta(days=least))
            return old if most is None else old & Q(created_at__gt=now - dt.timedelta(days=most))
    return Q()


def ages(scope: Scope) -> list[tuple[str, str, int]]:
    """Key, label and count of each age. One query."""
    counts = {key: Count("pk", filter=_aged(key)) for key, *_rest in AGES}
    found = scope.accounts().filter(state=State.PROVISIONED).aggregate(**counts)
    return [(key, str(label), found[key]) for key, label, *_rest in AGES]


def schools_pending(scope: Scope, *, limit: int | None = SCHOOLS) -> list[SchoolPending]:
    """The schools with the most people to activate. One query: whoever works in two counts in both."""
    waiting = Q(person__account__state=State.PROVISIONED)
    now = timezone.now()
    counts: dict[str, Count] = {}
    for key, _label, least, most in AGES:
        old = Q(person__account__created_at__lte=now - dt.timedelta(days=least))
        if most is not None:
            old &= Q(person__account__created_at__gt=now - dt.timedelta(days=most))
        counts[key] = Count("person", distinct=True, filter=old)
    rows: Any = scope.posts().filter(waiting).order_by().values("structure__uai", "structure__name")
    rows = rows.annotate(**counts, everybody=Count("person", distinct=True)).order_by("-everybody", "structure__name")
    return [
        SchoolPending(row["structure__uai"], row["structure__name"], tuple(row[key] for key in counts))
        for row in rows[:limit]
    ]


def batches(scope: Scope) -> Any:
    """The last gestures of the académie, each with how many it reminded and how many activated since."""
    rows = RelaunchBatch.objects.filter(organisation=scope.organisation_id)
    if scope.structures is not None:
        rows = rows.filter(rows__account__in=scope.accounts())
    done = Q(rows__account__activated_at__gt=F("created_at"))
    return rows.annotate(
        sent=Count("rows", distinct=True), activated=Count("rows", distinct=True, filter=done)
    ).order_by("-pk")[:BATCHES]


def effects(scope: Scope) -> list[Effect]:
    """By channel, over reminders old enough to judge. One query."""
    now, delay = timezone.now(), dt.timedelta(days=EFFECT_DAYS)
    rows = Relaunch.objects.filter(
        batch__organisation=scope.organisation_id, created_at__lte=now - delay, account__in=scope.accounts()
    )
    in_time = Q(account__activated_at__gt=F("created_at"), account__activated_at__lte=F("created_at") + delay)
    found = {
        row["batch__channel"]: row
        for row in rows.order_by()
        .values("batch__channel")
        .annotate(sent=Count("pk"), activated=Count("pk", filter=in_time))
    }
    return [
        Effect(str(label), found[value]["sent"], found[value]["activated"])
        for value, label in RelaunchBatch.Channel.choices
        if value in found
    ]
