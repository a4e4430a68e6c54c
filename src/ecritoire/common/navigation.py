"""Where a signed-in person can go. Each room registers its entries; the header and the portal's tiles show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from .roles import Action, actions_of

Section = Literal["services", "account", "console"]


@dataclass(frozen=True)
class Entry:
    """One destination. ``action`` limits it to accounts that may carry it out; ``order`` sorts within a section.

    ``waiting`` says how many things there press; the header shows it when there are any.
    """

    section: Section
    order: int
    label: str | Promise
    description: str | Promise
    icon: str
    url_name: str
    action: Action | None = None
    waiting: Callable[[HttpRequest], int] | None = None

    @property
    def url(self) -> str:
        return _address(self.url_name)


_entries: list[Entry] = []
_address = cache(reverse)  # the same in every language


def register(*entries: Entry) -> None:
    """Called from a room's ``AppConfig.ready``."""
    _entries.extend(entries)
    entries_of.cache_clear()


@cache
def entries_of(section: Section, actions: frozenset[Action]) -> tuple[Entry, ...]:
    """The entries of ``section`` for whoever may carry out ``actions``, in order."""
    allowed = [e for e in _entries if e.section == section and (e.action is None or e.action in actions)]
    return tuple(sorted(allowed, key=lambda entry: entry.order))


def entries_for(request: HttpRequest, section: Section) -> tuple[Entry, ...]:
    """The entries of ``section`` this person may use, in order."""
    user = request.user
    return entries_of(section, actions_of(user.roles)) if user.is_authenticated else ()


@dataclass(frozen=True)
class Pressing:
    """An entry and how many things press there."""

    entry: Entry
    count: int


def pressing_for(request: HttpRequest) -> list[Pressing]:
    """What the header calls attention to: entries of the console where something presses."""
    counted = [(e, e.waiting(request)) for e in entries_for(request, "console") if e.waiting is not None]
    return [Pressing(entry, count) for entry, count in counted if count]
