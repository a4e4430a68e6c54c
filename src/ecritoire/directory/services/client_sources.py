"""The source behind a program that calls us."""

from __future__ import annotations

from typing import Literal

from django.utils.text import slugify

from ecritoire.directory.models import FeedSource, Organisation


def client_source_make(*, organisation: Organisation, name: str, kind: Literal["scim", "rest"]) -> FeedSource:
    """A source of its own for a new client. The caller, who makes the client, records the act."""
    names = set(FeedSource.objects.filter(organisation=organisation).values_list("name", flat=True))
    slugs = set(FeedSource.objects.values_list("slug", flat=True))
    base = slugify(name)[:34] or kind
    return FeedSource.objects.create(
        organisation=organisation, name=_free(name[:74], names, " "), slug=_free(base, slugs, "-"), kind=kind
    )


def _free(base: str, taken: set[str], separator: str) -> str:
    rank, name = 1, base
    while name in taken:
        rank += 1
        name = f"{base}{separator}{rank}"
    return name
