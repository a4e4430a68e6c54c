"""Who has a request open, and who is writing: told by each open page every few seconds, forgotten half a minute after.

One entry a request, in the cache: two pages that speak in the same instant may lose one of the two until the next beat.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.cache import cache

from ecritoire.accounts.models import Account

from .models import Ticket

KEPT = 30


@dataclass(frozen=True)
class Other:
    name: str
    writes: bool


def presence_note(*, ticket: Ticket, account: Account, writes: bool) -> list[Other]:
    """Say that ``account`` is there; returns the others."""
    key, now = f"desk:presence:{ticket.pk}", time.time()
    known: dict[int, tuple[str, bool, float]] = cache.get(key) or {}
    kept = {who: row for who, row in known.items() if now - row[2] < KEPT}
    kept[account.pk] = (account.display_name, writes, now)
    cache.set(key, kept, KEPT)
    return [Other(name, writing) for who, (name, writing, _at) in kept.items() if who != account.pk]
