"""« Somebody is answering »: a soft hint between the members of a shared mailbox, forgotten after a quarter of an hour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache

from .places import Place

SECONDS = 15 * 60


@dataclass(frozen=True)
class Answering:
    email_id: str
    name: str


def answering_note(place: Place, email_id: str) -> None:
    """``place``'s account has opened an answer to this message."""
    if place.is_shared:
        cache.set(_key(place, email_id), (place.account.pk, place.account.display_name), SECONDS)


def answering_end(place: Place, email_id: str) -> None:
    if place.is_shared:
        cache.delete(_key(place, email_id))


def answering_now(place: Place, email_ids: Iterable[str]) -> list[Answering]:
    """Who else is answering one of these messages. One look into the cache."""
    if not place.is_shared:
        return []
    keys = {_key(place, email_id): email_id for email_id in email_ids}
    found: dict[str, tuple[int, str]] = cache.get_many(keys)
    return [Answering(keys[key], name) for key, (pk, name) in found.items() if pk != place.account.pk]


def _key(place: Place, email_id: str) -> str:
    return f"answering:{place.store_id}:{email_id}"
