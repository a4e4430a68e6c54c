"""Where feeds come from."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.text import slugify

from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import FeedSource, Organisation

from .people import organisation_ensure

Kind = FeedSource.Kind
HR_PREVAILS = {"category": 3, "employee_number": 3}
"""What an HR file knows better than a directory of schools: AAF cannot tell a contract from a tenure."""


def default_source_ensure(*, organisation: Organisation | None = None) -> FeedSource:
    """The académie's own HR files, in the columns of ``docs/hr-feed.md``."""
    return _ensure(organisation or organisation_ensure(), "RH", kind=Kind.CSV)


def aaf_source_ensure(*, organisation: Organisation) -> FeedSource:
    """Where AAF sets go that name no source."""
    first = FeedSource.objects.filter(organisation=organisation, kind=Kind.AAF, is_active=True).order_by("pk").first()
    return first or _ensure(organisation, "AAF", kind=Kind.AAF)


def mapped_source_ensure(*, organisation: Organisation, name: str, mapping: dict[str, Any]) -> FeedSource:
    """A source for files that a ready mapping fits."""
    return _ensure(organisation, name, kind=Kind.CSV, mapping=mapping, precedence=HR_PREVAILS)


def source_save(*, source: FeedSource, acting_user: Actor) -> FeedSource:
    """Create or change a source, whose fields are already checked."""
    with transaction.atomic():
        action = "source.change" if source.pk else "source.create"
        if not source.slug:
            source.slug = _free_slug(source.organisation, source.name)
        source.save()
        detail: dict[str, Any] = {
            "kind": source.kind,
            "departures": source.departures_limit,
            "addresses": source.address_changes_limit,
        }
        detail |= {"faults": source.faults_limit, "watched": source.is_watched, "active": source.is_active}
        audit_record(acting_user=acting_user, action=action, target=source.slug, precedence=source.precedence, **detail)
    return source


def _ensure(organisation: Organisation, name: str, **values: Any) -> FeedSource:
    values["slug"] = _free_slug(organisation, name)
    return FeedSource.objects.get_or_create(organisation=organisation, name=name, defaults=values)[0]


def _free_slug(organisation: Organisation, name: str) -> str:
    """``rh``; in a second académie ``rh-2``: a folder's name is one in the whole installation."""
    base = slugify(name)[:32] or "source"
    taken = set(FeedSource.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug for rank in range(1, len(taken) + 2) if (slug := base if rank == 1 else f"{base}-{rank}") not in taken
    )
