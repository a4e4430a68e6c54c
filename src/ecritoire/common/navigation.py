"""Where a signed-in person can go. Each room registers its entries; the header and the portal's tiles show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from django.core.cache import cache as cached
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


COUNTS_KEPT = 20
"""Seconds for which a person's counts hold: what others do is seen no later; what they do themselves, at once."""


def pressing_for(request: HttpRequest) -> list[Pressing]:
    """What the header calls attention to: entries of the console where something presses."""
    entries = [entry for entry in entries_for(request, "console") if entry.waiting is not None]
    counts = _counts(request, entries)
    return [Pressing(entry, counts[entry.url_name]) for entry in entries if counts[entry.url_name]]


def _counts(request: HttpRequest, entries: list[Entry]) -> dict[str, int]:
    """Kept together, by entry: a role given meanwhile counts what is new to it, one withdrawn shows nothing any more."""
    if not entries:
        return {}
    key = _counts_key(request)
    known: dict[str, int] = cached.get(key) or {}
    missing = {e.url_name: e.waiting(request) for e in entries if e.waiting is not None and e.url_name not in known}
    if missing:
        known = {**known, **missing}
        cached.set(key, known, COUNTS_KEPT)
    return known


def pressing_forget(request: HttpRequest) -> None:
    """Once the person has acted: the next page counts anew."""
    if any(entry.waiting for entry in entries_for(request, "console")):
        cached.delete(_counts_key(request))


def _counts_key(request: HttpRequest) -> str:
    return f"common:pressing:{request.user.pk}"
