"""Who in the directory may be the person somebody describes: the same names, a birth date with names nearly the same, or the
same private address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q

from .addresses import fold
from .models import Person

NEAR, SHOWN = 0.45, 8


@dataclass(frozen=True)
class Likeness:
    person: Person
    same_name: bool
    same_birth: bool
    same_address: bool

    @property
    def is_certain(self) -> bool:
        return self.same_name and self.same_birth

    @property
    def weight(self) -> int:
        return 4 * self.same_birth + 2 * self.same_name + self.same_address


def people_like(
    *, organisation_id: int, given_name: str, family_name: str, birth_date: dt.date | None, private_email: str
) -> list[Likeness]:
    """The likeliest first. One query."""
    names = {fold(f"{given_name} {family_name}"), fold(f"{family_name} {given_name}")}
    typed = fold(f"{given_name} {family_name}")
    alike = Q(search_name__in=names)
    if birth_date is not None:
        alike |= Q(birth_date=birth_date, nearness__gte=NEAR)
    if private_email:
        alike |= Q(private_email__iexact=private_email)
    rows = Person.objects.filter(organisation=organisation_id).annotate(
        nearness=TrigramSimilarity("search_name", typed)
    )
    found = [
        Likeness(
            person,
            same_name=person.search_name in names,
            same_birth=birth_date is not None and person.birth_date == birth_date,
            same_address=bool(private_email) and person.private_email.lower() == private_email.lower(),
        )
        for person in rows.filter(alike).order_by("-nearness", "pk")[: 3 * SHOWN]
    ]
    return sorted(found, key=lambda row: -row.weight)[:SHOWN]
