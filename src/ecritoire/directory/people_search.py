"""Finding a person among tens of thousands, by whatever one remembers of them.

Each word may be part of a name, an address, an employee number or a school; accents and capitals do not count. The
parts are united rather than joined by OR, so that each is answered by its own trigram index.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q, QuerySet

from .addresses import fold
from .models import Assignment, EmailAddress, Person

WORDS = 6
NEAR = 8


def people_matching(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Those of ``people`` whom every word of ``text`` fits."""
    for word in fold(text).split()[:WORDS]:
        named = Person.objects.filter(search_name__contains=word).values("pk")
        numbered = Person.objects.filter(employee_number__icontains=word).values("pk")
        written_to = EmailAddress.objects.filter(address__contains=word).values("person")
        at_work = Assignment.objects.filter(structure__search_name__contains=word).values("person")
        people = people.filter(pk__in=named.union(numbered, written_to, at_work))
    return people


def people_near(people: QuerySet[Person], text: str) -> list[Person]:
    """Names spelt nearly like ``text``, the nearest first: for when nothing matches."""
    typed = fold(text)
    alike = [Q(search_name__trigram_word_similar=word) for word in typed.split()[:WORDS]]
    near = people.filter(reduce(or_, alike, Q(pk__in=[])))
    return list(near.annotate(nearness=TrigramWordSimilarity(typed, "search_name")).order_by("-nearness", "pk")[:NEAR])
