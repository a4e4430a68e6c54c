"""Reads of the directory."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q, QuerySet

from .addresses import fold
from .models import Assignment, EmailAddress, FeedRun, FeedUpload, Person, Structure


def person_list(*, search: str = "", structure: Structure | None = None) -> QuerySet[Person]:
    """People by name; ``search`` takes words of the name, an address or an employee number, accents aside."""
    people = Person.objects.order_by("family_name", "given_name", "pk")
    for word in fold(search).split():
        address = Q(addresses__address__startswith=word)
        people = people.filter(Q(search_name__contains=word) | Q(employee_number__iexact=word) | address).distinct()
    if structure is not None:
        people = people.filter(assignments__structure=structure).distinct()
    current = Prefetch("addresses", EmailAddress.objects.filter(retired_at__isnull=True, is_primary=True))
    assignments = Prefetch("assignments", Assignment.objects.select_related("structure").order_by("-starts_on"))
    return people.prefetch_related(current, assignments)


def assignments_of(person: Person) -> QuerySet[Assignment]:
    return person.assignments.select_related("structure").order_by("-starts_on")


def structure_list() -> QuerySet[Structure]:
    return Structure.objects.annotate(people=Count("assignments__person", distinct=True)).order_by("name")


def structure_by_uai(code: str) -> Structure | None:
    return Structure.objects.filter(uai=code.upper()).first() if code else None


def structure_choices() -> list[tuple[str, str]]:
    return [(structure.uai, str(structure)) for structure in Structure.objects.order_by("name")]


def feed_run_list() -> QuerySet[FeedRun]:
    return FeedRun.objects.all()


def upload_of(*, pk: int, login: str) -> FeedUpload | None:
    """A simulated file, for the person who simulated it only."""
    return FeedUpload.objects.filter(pk=pk, acting_login=login).first()


def addresses_matching(*, search: str, limit: int) -> list[EmailAddress]:
    """Colleagues to write to, by the beginnings of their names or address."""
    words = fold(search).split()
    rows = EmailAddress.objects.filter(is_primary=True, retired_at__isnull=True).exclude(
        person__employee_number="SONDE"
    )
    for word in words:
        rows = rows.filter(Q(person__search_name__contains=word) | Q(address__startswith=word))
    if not words:
        return []
    return list(rows.select_related("person").order_by("person__family_name", "person__given_name")[:limit])
