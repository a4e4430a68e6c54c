"""Reads for those who look after accounts: the console, the help desk, the schools."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.lifecycle import OPEN
from ecritoire.common.roles import LOCAL, Role, actions_of
from ecritoire.directory.listing import Badge, PeopleFilter
from ecritoire.directory.models import Assignment, Person, Structure
from ecritoire.directory.selectors import not_over

from .models import Account, ApplicationRequest, AppPassword, Lockout, RoleGrant, SignInEvent
from .services.probe import EMPLOYEE_NUMBER

DORMANT_DAYS = 180
FAILURES_SHOWN = 10
FAILURE_DAYS = 7
State, Result = Account.State, SignInEvent.Result
KINDS = {State.ACTIVATED: "success", State.PROVISIONED: "info", State.ENDING: "warning", State.SUSPENDED: "warning"}


def state_badges(people: Sequence[Person]) -> dict[int, Badge]:
    rows = Account.objects.filter(person__in=people).values_list("person_id", "state")
    return {person: Badge(State(state).label, KINDS.get(State(state), "")) for person, state in rows}


def _by_state(people: QuerySet[Person], state: str) -> QuerySet[Person]:
    return people.filter(pk__in=Account.objects.filter(state=state).values("person"))


def _by_role(people: QuerySet[Person], role: str) -> QuerySet[Person]:
    return people.filter(pk__in=RoleGrant.objects.filter(role=role).values("account__person"))


def _dormant(people: QuerySet[Person], days: str) -> QuerySet[Person]:
    """Activated accounts through which nobody came in for so long, on any protocol."""
    since = timezone.now() - dt.timedelta(days=int(days))
    entries = SignInEvent.objects.filter(account=OuterRef("pk"), result=Result.SUCCESS, at__gt=since)
    old = Account.objects.filter(~Exists(entries), state__in=OPEN, activated_at__lt=since)
    return people.filter(pk__in=old.values("person"))


FILTERS = (
    PeopleFilter("state", _("État du compte"), State.choices, _by_state),
    PeopleFilter("role", _("Rôle"), [choice for choice in Role.choices if choice[0] != Role.AGENT], _by_role),
    PeopleFilter(
        "dormant",
        _("Dormant"),
        [("90", _("depuis 3 mois")), ("180", _("depuis 6 mois")), ("365", _("depuis un an"))],
        _dormant,
    ),
)


def failures_recent(*, login: str) -> list[SignInEvent]:
    """The last attempts of the week that did not get in, lockouts among them, newest first."""
    since = timezone.now() - dt.timedelta(days=FAILURE_DAYS)
    rows = SignInEvent.objects.filter(login=login, at__gt=since).exclude(result=Result.SUCCESS)
    return list(rows.order_by("-id")[:FAILURES_SHOWN])


def lockouts_recent(*, login: str) -> list[Lockout]:
    """Those of the week, and those that last, newest first."""
    since = timezone.now() - dt.timedelta(days=FAILURE_DAYS)
    rows = Lockout.objects.filter(Q(started_at__gt=since) | Q(ended_at__isnull=True), login=login)
    return list(rows.order_by("-id")[:FAILURES_SHOWN])


def applications_troubled(*, account: Account) -> tuple[list[ApplicationRequest], list[AppPassword]]:
    """Mail applications that wait or were refused in the week, and those whose secret was revoked in it."""
    since = timezone.now() - dt.timedelta(days=FAILURE_DAYS)
    waiting, refused = ApplicationRequest.State.WAITING, ApplicationRequest.State.REFUSED
    asked = ApplicationRequest.objects.filter(
        Q(state=waiting) | Q(state=refused, decided_at__gt=since), account=account
    )
    gone = AppPassword.objects.filter(account=account, revoked_at__gt=since)
    return list(asked[:FAILURES_SHOWN]), list(gone.order_by("-revoked_at")[:FAILURES_SHOWN])


def last_success(*, login: str) -> SignInEvent | None:
    return SignInEvent.objects.filter(login=login, result=Result.SUCCESS).order_by("-id").first()


@dataclass(frozen=True)
class School:
    """A structure and its people's accounts, as a local IT contact watches them."""

    structure: Structure
    counts: dict[str, int]
    pending: list[Account]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def activated(self) -> int:
        return sum(self.counts.get(state, 0) for state in OPEN)


def schools_of(account: Account) -> list[School]:
    """One for each structure of the contact. Two queries, and two more for each structure."""
    structures = Structure.objects.filter(pk__in=account.contact_structures).order_by("name")
    return [_school(structure) for structure in structures]


def _school(structure: Structure) -> School:
    accounts = Account.objects.filter(person__in=people_working_in([structure.pk]))
    counts = dict(accounts.values_list("state").annotate(Count("pk")).order_by())
    pending = accounts.filter(state=State.PROVISIONED).select_related("person")
    return School(structure, counts, list(pending.order_by("person__family_name", "person__given_name")))


def people_working_in(structures: Sequence[int]) -> QuerySet[Person]:
    """Those with an assignment there that is not over."""
    there = Assignment.objects.filter(not_over(), structure__in=structures)
    return Person.objects.filter(pk__in=there.values("person")).exclude(employee_number=EMPLOYEE_NUMBER)


def may_manage(*, actor: Account, target: Account) -> bool:
    """Nobody manages an account of another académie, nor one that may do more than their own: a reset would hand them its
    powers."""
    return actor.organisation_id == target.organisation_id and actions_of(target.roles) - LOCAL <= actions_of(
        actor.roles
    )


def looks_after(*, contact: Account, person_id: int) -> bool:
    """``contact`` is the local IT contact of a structure where the person works."""
    return people_working_in(contact.contact_structures).filter(pk=person_id).exists()
