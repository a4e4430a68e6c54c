"""Whose access ends soon, what they were told, and whether it may be renewed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecritoire.accounts.lifecycle import State
from ecritoire.accounts.models import Account, ContributorRequest, EndReminder
from ecritoire.directory.models import Assignment, Contract

from .scope import Scope, at_school

WINDOWS = (
    ("week", gettext_lazy("d'ici sept jours"), 7),
    ("month", gettext_lazy("d'ici trente jours"), 30),
    ("quarter", gettext_lazy("d'ici trois mois"), 91),
)
LIVE = (State.PROVISIONED, State.ACTIVATED, State.ENDING, State.SUSPENDED)
WEEKS = 12
Facts = Callable[[Sequence[Account]], Mapping[int, str]]
_columns: list[tuple[str | Promise, Facts]] = []


def register_column(label: str | Promise, facts: Facts) -> None:
    """What another room knows of people about to leave; called from its ``AppConfig.ready``. ``facts`` answers for a whole
    page of accounts at once."""
    _columns.append((label, facts))


def columns() -> list[tuple[str | Promise, Facts]]:
    own: list[tuple[str | Promise, Facts]] = [(gettext_lazy("Rappels"), reminders_sent)]
    return [*own, *_columns, (gettext_lazy("Renouvellement"), renewal_hints)]


@dataclass(frozen=True)
class Filters:
    window: str = "month"
    uai: str = ""
    category: str = ""
    what: str = ""


@dataclass(frozen=True)
class Week:
    monday: dt.date
    rights: int
    closings: int


def ends(scope: Scope, asked: Filters) -> QuerySet[Account]:
    """Those whose right ends, or whose account closes, within the window; the nearest first."""
    today = timezone.localdate()
    days = {key: days for key, _label, days in WINDOWS}.get(asked.window, 30)
    between = [today, today + dt.timedelta(days=days)]
    right = Q(person__right_until__range=between) & ~Q(state=State.ENDING)
    closing = Q(closes_on__range=between, state__in=[State.ENDING, State.SUSPENDED])
    rows = (
        scope.accounts()
        .filter(state__in=LIVE)
        .filter({"right": right, "closing": closing}.get(asked.what, right | closing))
    )
    if asked.uai:
        rows = at_school(rows, scope, asked.uai)
    if asked.category:
        rows = rows.filter(person__category=asked.category)
    return rows.select_related("person").order_by("person__right_until", "closes_on", "pk")


def windows(scope: Scope) -> list[tuple[str, str, int]]:
    """Key, label and count of each window. One query."""
    today = timezone.localdate()
    counts: dict[str, Any] = {}
    for key, _label, days in WINDOWS:
        between = [today, today + dt.timedelta(days=days)]
        right = Q(person__right_until__range=between) & ~Q(state=State.ENDING)
        closing = Q(closes_on__range=between, state__in=[State.ENDING, State.SUSPENDED])
        counts[key] = Count("pk", filter=right | closing)
    found = scope.accounts().filter(state__in=LIVE).aggregate(**counts)
    return [(key, str(label), found[key]) for key, label, _days in WINDOWS]


def by_week(scope: Scope, *, weeks: int = WEEKS) -> list[Week]:
    """Rights that end and accounts that close, in the weeks to come, this one first. Two queries."""
    today = timezone.localdate()
    monday = today - dt.timedelta(days=today.weekday())
    last = monday + dt.timedelta(weeks=weeks, days=-1)
    rows = scope.accounts().filter(state__in=LIVE).order_by()
    rights = _per_week(rows.exclude(state=State.ENDING), "person__right_until", today, last)
    closings = _per_week(rows.filter(state__in=[State.ENDING, State.SUSPENDED]), "closes_on", today, last)
    starts = [monday + dt.timedelta(weeks=rank) for rank in range(weeks)]
    return [Week(start, rights.get(start, 0), closings.get(start, 0)) for start in starts]


def _per_week(rows: QuerySet[Account], field: str, first: dt.date, last: dt.date) -> dict[dt.date, int]:
    rows = rows.filter(**{f"{field}__range": [first, last]}).annotate(week=TruncWeek(F(field)))
    return dict(rows.values_list("week").annotate(Count("pk")))


def reminders_sent(accounts: Sequence[Account]) -> dict[int, str]:
    """How many reminders went out about an end still to come, and when the last one did. One query."""
    today = timezone.localdate()
    rows = EndReminder.objects.filter(account__in=accounts).filter(
        Q(date__gte=today) | Q(about=EndReminder.About.ENDED)
    )
    found = rows.values_list("account").annotate(n=Count("pk"), last=Max("created_at")).order_by()
    text = _("%(count)s, le dernier le %(day)s")
    return {pk: text % {"count": n, "day": f"{timezone.localtime(last):%d/%m/%Y}"} for pk, n, last in found}


def renewal_hints(accounts: Sequence[Account]) -> dict[int, str]:
    """What lets one expect that somebody stays: a renewal asked for, work to come, contracts that followed each other.
    Three queries."""
    people = {account.person_id: account for account in accounts}
    today = timezone.localdate()
    hints: dict[int, str] = {}
    several = Contract.objects.filter(person__in=people).values_list("person").annotate(n=Count("pk")).order_by()
    for person, number in several:
        if number > 1:
            hints[people[person].pk] = _("%(count)s contrats déjà") % {"count": number}
    to_come = Assignment.objects.filter(person__in=people, starts_on__gt=today).order_by("-starts_on")
    for person, day in to_come.values_list("person", "starts_on"):
        hints[people[person].pk] = _("reprise le %(day)s") % {"day": f"{day:%d/%m/%Y}"}
    asked = ContributorRequest.objects.filter(person__in=people, state__in=ContributorRequest.OPEN)
    for person in asked.values_list("person", flat=True):
        if person is not None:
            hints[people[person].pk] = _("renouvellement demandé")
    return hints
