"""Reads about mail applications."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from ecritoire.accounts.models import Account, AppFamily, ApplicationRequest, AppPassword, SignInEvent, TrustedFamily
from ecritoire.accounts.services.dormancy import dormant
from ecritoire.common.roles import Action

from .holders import accounts_that_may

State = ApplicationRequest.State
SHOWN_DAYS = 30


@dataclass(frozen=True)
class FamilyCount:
    label: str
    active: int
    asleep: int


def application_list(*, account: Account) -> QuerySet[AppPassword]:
    """The active applications of one person, each with the ``country`` its last address was seen in (blank: unknown)."""
    same = SignInEvent.objects.filter(account=OuterRef("account"), address=OuterRef("last_used_address"))
    country = Subquery(same.order_by("-at").values("country")[:1])
    return account.app_passwords.filter(revoked_at__isnull=True).annotate(country=country)


def request_list(*, account: Account) -> QuerySet[ApplicationRequest]:
    """What one person asked for and has not used yet, and the refusals of the last month."""
    recent = timezone.now() - dt.timedelta(days=SHOWN_DAYS)
    shown = Q(state__in=[State.WAITING, State.APPROVED]) | Q(state=State.REFUSED, decided_at__gt=recent)
    return account.application_requests.filter(shown)


def requests_of(organisation: int) -> QuerySet[ApplicationRequest]:
    """All those of one académie's people."""
    return ApplicationRequest.objects.filter(account__person__organisation=organisation)


def requests_waiting(*, organisation: int) -> QuerySet[ApplicationRequest]:
    """The oldest first."""
    rows = requests_of(organisation).filter(state=State.WAITING)
    return rows.select_related("account__person").order_by("id")


def deciders(*, organisation: int) -> QuerySet[Account]:
    """Who may decide there."""
    return accounts_that_may(Action.APPLICATION_DECIDE, organisation=organisation)


def requests_decided(*, organisation: int) -> QuerySet[ApplicationRequest]:
    """Those somebody decided, newest first; the automatic ones are not among them."""
    rows = requests_of(organisation).filter(decided_by__isnull=False)
    return rows.select_related("account__person", "decided_by__person").order_by("-decided_at")


def trusted_list(*, organisation: int) -> QuerySet[TrustedFamily]:
    return TrustedFamily.objects.filter(organisation=organisation)


def family_counts(*, organisation: int) -> list[FamilyCount]:
    """Active applications and those asleep, by family; two queries."""
    active = AppPassword.objects.filter(account__person__organisation=organisation, revoked_at__isnull=True)
    totals = dict(active.values_list("family").annotate(number=Count("pk")).order_by())
    asleep = dict(_asleep(organisation).values_list("family").annotate(number=Count("pk")).order_by())
    return [FamilyCount(str(f.label), totals.get(f, 0), asleep.get(f, 0)) for f in AppFamily]


def _asleep(organisation: int) -> QuerySet[AppPassword]:
    return dormant().filter(account__person__organisation=organisation)


def dormant_list(*, organisation: int) -> QuerySet[AppPassword]:
    return _asleep(organisation).select_related("account__person").order_by("last_used_at", "created_at")


def last_mistake(*, account: Account) -> SignInEvent | None:
    """The last time something other than a secret was typed in a mail application, within a week."""
    since = timezone.now() - dt.timedelta(days=7)
    mistakes = account.sign_ins.filter(result=SignInEvent.Result.NOT_A_SECRET, at__gt=since)
    return mistakes.first()
