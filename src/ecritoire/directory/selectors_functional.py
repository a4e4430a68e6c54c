"""Reads of functional mailboxes."""

from __future__ import annotations

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from ecritoire.common.roles import Action

from .addresses import fold
from .models import (
    Access,
    EmailAddress,
    FunctionalGuest,
    FunctionalMailbox,
    FunctionalMember,
    FunctionalRule,
    Organisation,
)
from .selectors import Viewer

Present = Q(members__left_on__isnull=True, members__isnull=False)


def functional_visible_to(viewer: Viewer, organisation_id: int) -> QuerySet[FunctionalMailbox]:
    """Those of the viewer's académie, or for a local IT contact of their structures."""
    mine = with_address(FunctionalMailbox.objects.filter(organisation=organisation_id))
    return mine if viewer.may(Action.FUNCTIONAL_VIEW) else mine.filter(structure__in=viewer.contact_structures)


def with_address(rows: QuerySet[FunctionalMailbox]) -> QuerySet[FunctionalMailbox]:
    current = Prefetch("addresses", EmailAddress.objects.filter(retired_at__isnull=True))
    return rows.select_related("structure", "organisation").prefetch_related(current)


def functional_list(
    rows: QuerySet[FunctionalMailbox], *, search: str = "", only: str = ""
) -> QuerySet[FunctionalMailbox]:
    """Those every word of ``search`` fits (name, address, structure, UAI); ``only``: "orphan" or "closed"."""
    for word in fold(search).split()[:6]:
        named = Q(search_name__contains=word) | Q(structure__search_name__contains=word)
        rows = rows.filter(
            named | Exists(EmailAddress.objects.filter(functional=OuterRef("pk"), address__contains=word))
        )
    if only == "closed":
        rows = rows.filter(state=FunctionalMailbox.State.CLOSED)
    elif only == "orphan":
        rows = orphans(rows)
    return rows.annotate(people=Count("members", filter=Present)).order_by("kind", "structure__name", "own_name", "pk")


def orphans(rows: QuerySet[FunctionalMailbox]) -> QuerySet[FunctionalMailbox]:
    """Open, and nobody is in: mail arrives that no one reads."""
    inside = FunctionalMember.objects.filter(mailbox=OuterRef("pk"), left_on__isnull=True)
    return rows.filter(~Exists(inside), state=FunctionalMailbox.State.OPEN)


def members_of(mailbox: FunctionalMailbox) -> list[FunctionalMember]:
    """Who is in today, those who may do most first."""
    rows = mailbox.members.filter(left_on__isnull=True).select_related("person")
    named = rows.order_by("person__family_name", "person__given_name")
    return sorted(named, key=lambda member: Access(member.access).rank)


def former_members_of(mailbox: FunctionalMailbox, *, limit: int = 20) -> list[FunctionalMember]:
    """Who left, the last first."""
    rows = mailbox.members.filter(left_on__isnull=False).select_related("person")
    return list(rows.order_by("-left_on", "-pk")[:limit])


def guests_of(mailbox: FunctionalMailbox) -> QuerySet[FunctionalGuest]:
    return mailbox.guests.select_related("person").order_by("person__family_name", "person__given_name")


def rules_of(mailbox: FunctionalMailbox) -> list[FunctionalRule]:
    """Its own and, when it follows them, the académie's."""
    own = Q(mailbox=mailbox)
    if mailbox.follows_defaults:
        own |= Q(mailbox__isnull=True, organisation=mailbox.organisation_id)
    return _ranked(FunctionalRule.objects.filter(own).order_by(F("mailbox").asc(nulls_first=True), "pk"))


def default_rules(organisation: Organisation) -> list[FunctionalRule]:
    return _ranked(FunctionalRule.objects.filter(organisation=organisation, mailbox__isnull=True).order_by("pk"))


def _ranked(rules: QuerySet[FunctionalRule]) -> list[FunctionalRule]:
    return sorted(rules, key=lambda rule: Access(rule.access).rank)


def memberships_of(person_id: int) -> list[FunctionalMember]:
    """What a person may open today, by name: two queries."""
    rows = FunctionalMember.objects.filter(
        person=person_id, left_on__isnull=True, mailbox__state=FunctionalMailbox.State.OPEN
    )
    current = Prefetch("mailbox__addresses", EmailAddress.objects.filter(retired_at__isnull=True))
    found = rows.select_related("mailbox__structure").prefetch_related(current)
    return sorted(found, key=lambda member: (member.mailbox.name, member.mailbox_id))


def membership_of(person_id: int, mailbox_id: int) -> FunctionalMember | None:
    return next((row for row in memberships_of(person_id) if row.mailbox_id == mailbox_id), None)


def functional_addresses_matching(*, search: str, organisation_id: int, limit: int) -> list[FunctionalMailbox]:
    """Mailboxes to write to, by words of their names, their schools (city and UAI too) or addresses."""
    words = fold(search).split()
    if not words:
        return []
    rows = FunctionalMailbox.objects.filter(organisation=organisation_id, state=FunctionalMailbox.State.OPEN)
    return list(functional_list(with_address(rows), search=search)[:limit])
