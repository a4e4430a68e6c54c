"""Reads of the directory."""

from __future__ import annotations

from typing import Protocol

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from ecritoire.common.roles import Action

from .addresses import fold
from .models import Assignment, EmailAddress, FeedSource, Person, Structure
from .people_search import people_matching


class Viewer(Protocol):
    """Who looks: an account, which this room does not know."""

    def may(self, action: Action) -> bool: ...

    @property
    def person(self) -> Person: ...

    @property
    def contact_structures(self) -> list[int]: ...


def people_visible_to(viewer: Viewer) -> QuerySet[Person]:
    """Everybody of the viewer's académie, or for a local IT contact those who work in their structures, today or soon."""
    own = Person.objects.filter(organisation=viewer.person.organisation_id)
    if viewer.may(Action.PERSON_VIEW):
        return own
    there = Assignment.objects.filter(structure__in=viewer.contact_structures)
    return own.filter(pk__in=there.filter(not_over()).values("person"))


def not_over() -> Q:
    """Of assignments and contracts: today or to come."""
    return Q(ends_on__isnull=True) | Q(ends_on__gte=timezone.localdate())


def person_list(
    people: QuerySet[Person],
    *,
    search: str = "",
    structure: Structure | None = None,
    school: str = "",
    category: str = "",
) -> QuerySet[Person]:
    """Those of ``people`` who fit, by name; what ``search`` understands is in ``people_search``."""
    people = people_matching(people, search)
    if structure is not None:
        people = people.filter(pk__in=Assignment.objects.filter(structure=structure).values("person"))
    if school:
        people = people.filter(pk__in=_at_schools(school).values("person"))
    if category:
        people = people.filter(category=category)
    return people.order_by("family_name", "given_name", "pk")


def with_rows(people: QuerySet[Person]) -> QuerySet[Person]:
    """With what a line of a list shows: the address and the assignments."""
    current = Prefetch("addresses", EmailAddress.objects.filter(retired_at__isnull=True, is_primary=True))
    assignments = Prefetch("assignments", Assignment.objects.select_related("structure").order_by("-starts_on"))
    return people.prefetch_related(current, assignments)


def _at_schools(text: str) -> QuerySet[Assignment]:
    """Assignments in the structures whose name, city or UAI hold every word of ``text``."""
    rows = Assignment.objects.all()
    for word in fold(text).split():
        rows = rows.filter(structure__search_name__contains=word)
    return rows


def assignments_of(person: Person) -> QuerySet[Assignment]:
    return person.assignments.select_related("structure").order_by("-starts_on")


def structure_list(*, organisation: int) -> QuerySet[Structure]:
    structures = Structure.objects.filter(organisation=organisation)
    return structures.annotate(people=Count("assignments__person", distinct=True)).order_by("name")


def structure_by_uai(code: str, *, organisation: int) -> Structure | None:
    """In one académie: another may know a structure of the same code."""
    return Structure.objects.filter(organisation=organisation, uai=code.upper()).first() if code else None


def structure_choices(*, organisation: int) -> list[tuple[str, str]]:
    rows = Structure.objects.filter(organisation=organisation).order_by("name")
    return [(structure.uai, str(structure)) for structure in rows]


def feed_source_by_slug(slug: str) -> FeedSource | None:
    return FeedSource.objects.filter(slug=slug, is_active=True).select_related("organisation").first()


def addresses_matching(
    *, search: str, organisation: int, limit: int, colleagues_of: Person | None = None
) -> list[EmailAddress]:
    """Colleagues of one's académie to write to, by the beginnings of their names or address; those of the structures where
    ``colleagues_of`` works alone, when somebody is not to browse the directory."""
    words = fold(search).split()
    rows = EmailAddress.objects.filter(person__organisation=organisation, is_primary=True, retired_at__isnull=True)
    rows = rows.exclude(person__employee_number="SONDE")
    for word in words:
        rows = rows.filter(Q(person__search_name__contains=word) | Q(address__startswith=word))
    if not words:
        return []
    if colleagues_of is not None:
        places = colleagues_of.assignments.filter(not_over()).values("structure")
        rows = rows.filter(person__in=Assignment.objects.filter(not_over(), structure__in=places).values("person"))
    return list(rows.select_related("person").order_by("person__family_name", "person__given_name")[:limit])
