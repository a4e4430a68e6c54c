"""Reads about outside contributors. Everything stays within one académie: that of whoever looks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ecritoire.accounts.lifecycle import OPEN
from ecritoire.accounts.models import (
    Account,
    ContributorDelegation,
    ContributorKind,
    ContributorPolicy,
    ContributorRequest,
)
from ecritoire.common.roles import Action
from ecritoire.directory.addresses import fold
from ecritoire.directory.likeness import Likeness, people_like
from ecritoire.directory.models import Assignment, Structure

from .holders import accounts_that_may

State = ContributorRequest.State
HEAD = "DIR"
ENDING_SOON = 30


@dataclass(frozen=True)
class Filters:
    """What narrows the queue or the register; an empty value asks nothing."""

    state: str = ""
    uai: str = ""
    kind: str = ""
    search: str = ""


def policy_of(organisation_id: int) -> ContributorPolicy:
    found = ContributorPolicy.objects.filter(organisation=organisation_id).first()
    return found or ContributorPolicy(organisation_id=organisation_id)


def _now(prefix: str = "") -> Q:
    today = timezone.localdate()
    started = Q(**{f"{prefix}starts_on__lte": today})
    return started & (Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": today}))


def structures_sponsored(account: Account) -> QuerySet[Structure]:
    """Where somebody works today: the structures they may ask for."""
    here = Assignment.objects.filter(_now(), person=account.person_id)
    return Structure.objects.filter(pk__in=here.values("structure")).order_by("name")


def may_sponsor(account: Account) -> bool:
    """Every agent of a structure; an outside contributor brings nobody in."""
    return not account.is_external and structures_sponsored(account).exists()


def with_people(rows: QuerySet[ContributorRequest]) -> QuerySet[ContributorRequest]:
    return rows.select_related("sponsor__person", "structure", "person__account", "decided_by__person", "organisation")


def requests_of(account: Account) -> QuerySet[ContributorRequest]:
    """What somebody asked for, the newest first."""
    return with_people(account.contributor_requests.all()).order_by("-id")


def present(rows: QuerySet[ContributorRequest]) -> QuerySet[ContributorRequest]:
    """Accepted and not over; one that was renewed gives way to its renewal."""
    renewed = ContributorRequest.objects.filter(renews=OuterRef("pk"), state=State.APPROVED)
    return rows.filter(~Exists(renewed), state=State.APPROVED, until__gte=timezone.localdate())


def delegations_now(account: Account) -> QuerySet[ContributorDelegation]:
    return account.contributor_delegations.filter(
        _now(), revoked_at__isnull=True, organisation=account.person.organisation_id
    )


def decidable_by(account: Account) -> QuerySet[ContributorRequest]:
    """The requests somebody may see as a decider: the DSI all of its académie, a delegate within the delegation."""
    rows = ContributorRequest.objects.filter(organisation=account.person.organisation_id).exclude(state=State.DRAFT)
    if account.may(Action.CONTRIBUTOR_DECIDE):
        return rows
    within = Q(pk__in=[])
    for delegation in delegations_now(account):
        same_place = Q(structure=delegation.structure_id) if delegation.structure_id else Q()
        within |= Q(structure__isnull=False) & same_place & (Q(kind=delegation.kind) if delegation.kind else Q())
    return rows.filter(within)


def is_decider(account: Account) -> bool:
    return account.may(Action.CONTRIBUTOR_DECIDE) or delegations_now(account).exists()


def narrowed(rows: QuerySet[ContributorRequest], asked: Filters) -> QuerySet[ContributorRequest]:
    """Oldest first where they wait, newest first otherwise."""
    if asked.uai:
        rows = rows.filter(structure__uai=asked.uai)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    for word in fold(asked.search).split():
        rows = rows.filter(_named(word) | Q(sponsor__person__search_name__contains=word))
    rows = _in_state(rows, asked.state)
    return with_people(rows).order_by("submitted_at" if asked.state == "waiting" else "-submitted_at", "pk")


def _in_state(rows: QuerySet[ContributorRequest], state: str) -> QuerySet[ContributorRequest]:
    """By a state of requests, or by a question about them: waiting, present, ending, orphan."""
    if state == "waiting":
        return rows.filter(state__in=ContributorRequest.DECIDABLE)
    if state == "present":
        return present(rows)
    if state == "ending":
        return present(rows).filter(until__lte=timezone.localdate() + dt.timedelta(days=ENDING_SOON))
    if state == "orphan":
        return present(rows).filter(sponsor_lost_on__isnull=False)
    return rows.filter(state=state) if state else rows


def _named(word: str) -> Q:
    return Q(person__search_name__contains=word) | Q(family_name__icontains=word) | Q(given_name__icontains=word)


def heads_of(structure_id: int) -> QuerySet[Account]:
    """Who heads a school today and has a working account."""
    posts = Assignment.objects.filter(_now(), structure=structure_id, function_code=HEAD)
    return Account.objects.filter(state__in=OPEN, person__in=posts.values("person")).select_related("person")


def opinions_awaited_from(account: Account) -> QuerySet[ContributorRequest]:
    """The requests on which a head is asked for an opinion."""
    posts = Assignment.objects.filter(_now(), person=account.person_id, function_code=HEAD)
    rows = ContributorRequest.objects.filter(state=State.OPINION, structure__in=posts.values("structure"))
    return with_people(rows.exclude(sponsor=account)).order_by("submitted_at")


def likenesses_of(row: ContributorRequest) -> list[Likeness]:
    """Who may be that person already; nobody for a renewal, whose person is known."""
    if row.renews_id or row.person_id:
        return []
    return people_like(
        organisation_id=row.organisation_id,
        given_name=row.given_name,
        family_name=row.family_name,
        birth_date=row.birth_date,
        private_email=row.private_email,
    )


def deciders_of(organisation_id: int) -> QuerySet[Account]:
    """The DSI's, who are told that something waits."""
    return accounts_that_may(Action.CONTRIBUTOR_DECIDE, organisation=organisation_id)


def delegates_of(organisation_id: int) -> QuerySet[Account]:
    rows = ContributorDelegation.objects.filter(_now(), organisation=organisation_id, revoked_at__isnull=True)
    return Account.objects.filter(state__in=OPEN, pk__in=rows.values("delegate")).order_by("login")


def delegation_list(organisation_id: int) -> QuerySet[ContributorDelegation]:
    """Those that last or are to come."""
    rows = ContributorDelegation.objects.filter(organisation=organisation_id, revoked_at__isnull=True)
    rows = rows.filter(ends_on__gte=timezone.localdate())
    return rows.select_related("delegate__person", "structure", "granted_by__person").order_by("ends_on", "pk")


def structures_of_queue(account: Account) -> list[tuple[str, str]]:
    """The structures somebody's queue holds, for its filter."""
    rows = Structure.objects.filter(pk__in=decidable_by(account).values("structure")).order_by("name")
    return [(row.uai, row.name) for row in rows]


def kind_label(kind: str) -> str:
    return str(ContributorKind(kind).label) if kind else ""


def page_address(row: ContributorRequest) -> str:
    return f"{row.organisation.base_url}/compte/intervenants/{row.pk}/"
