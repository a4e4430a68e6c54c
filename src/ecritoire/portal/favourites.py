"""Writes of the home page."""

from __future__ import annotations

from ecritoire.accounts.models import Account

from .models import Favourite


def favourite_set(*, account: Account, tile: str, wanted: bool) -> None:
    """Keep ``tile`` at hand, or no longer. Twice is once."""
    if wanted:
        Favourite.objects.get_or_create(account=account, tile=tile)
    else:
        Favourite.objects.filter(account=account, tile=tile).delete()
