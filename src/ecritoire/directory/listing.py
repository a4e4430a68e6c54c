"""What the rooms above add to the list of people: ways to narrow it, and a badge beside each name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise

from .models import Person

Text = str | Promise


@dataclass(frozen=True)
class PeopleFilter:
    """A choice above the list. ``narrow`` is given one of the values of ``choices``."""

    name: str
    label: Text
    choices: Sequence[tuple[str, Text]]
    narrow: Callable[[QuerySet[Person], str], QuerySet[Person]]


@dataclass(frozen=True)
class Badge:
    """``kind`` is the design system's: success, info, warning, error or nothing."""

    text: Text
    kind: str = ""


Badges = Callable[[Sequence[Person]], Mapping[int, Badge]]
filters: dict[str, PeopleFilter] = {}
_badges: list[Badges] = []


def register_filter(*added: PeopleFilter) -> None:
    """Called from a room's ``AppConfig.ready``."""
    filters.update({item.name: item for item in added})


def register_badges(badges: Badges) -> None:
    """``badges`` answers for a whole page of people at once."""
    _badges.append(badges)


def badges_for(people: Sequence[Person]) -> dict[int, list[Badge]]:
    """By the person's key."""
    found = [badges(people) for badges in _badges]
    return {person.pk: [each[person.pk] for each in found if person.pk in each] for person in people}
