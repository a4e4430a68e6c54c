"""Where a signed-in person can go. Each room registers its entries; the header and the portal's tiles show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from .roles import Action

Section = Literal["services", "account", "console"]


@dataclass(frozen=True)
class Entry:
    """One destination. ``action`` limits it to accounts that may carry it out; ``order`` sorts within a section."""

    section: Section
    order: int
    label: str | Promise
    description: str | Promise
    icon: str
    url_name: str
    action: Action | None = None

    @property
    def url(self) -> str:
        return reverse(self.url_name)


_entries: list[Entry] = []


def register(*entries: Entry) -> None:
    """Called from a room's ``AppConfig.ready``."""
    _entries.extend(entries)


def entries_for(request: HttpRequest, section: Section) -> list[Entry]:
    """The entries of ``section`` this person may use, in order."""
    user = request.user
    if not user.is_authenticated:
        return []
    allowed = [e for e in _entries if e.section == section and (e.action is None or user.may(e.action))]
    return sorted(allowed, key=lambda entry: entry.order)
