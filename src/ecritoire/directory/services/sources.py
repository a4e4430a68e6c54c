"""Where feeds come from."""

from __future__ import annotations

from ecritoire.directory.models import FeedSource, Organisation

from .people import organisation_ensure

DEFAULT_SLUG, DEFAULT_NAME = "rh", "RH"


def default_source_ensure(*, organisation: Organisation | None = None) -> FeedSource:
    """The académie's own HR files, in the columns of ``docs/hr-feed.md``."""
    organisation = organisation or organisation_ensure()
    slug = DEFAULT_SLUG if organisation == organisation_ensure() else f"{DEFAULT_SLUG}-{organisation.pk}"
    values = {"slug": slug, "kind": FeedSource.Kind.CSV}
    return FeedSource.objects.get_or_create(organisation=organisation, name=DEFAULT_NAME, defaults=values)[0]
