"""The HR files of ``docs/hr-feed.md``, as the default source says them."""

from __future__ import annotations

from ecritoire.common.services import Actor
from ecritoire.directory.feed.report import FeedReport
from ecritoire.directory.feed.staff import staff_entries
from ecritoire.directory.feed.structures import structure_entries
from ecritoire.directory.models import FeedRun, Organisation

from .records import records_apply
from .sources import default_source_ensure


def feed_apply(
    *,
    content: bytes,
    file_name: str,
    dry_run: bool,
    acting_user: Actor | None,
    organisation: Organisation | None = None,
) -> FeedReport:
    """Read a staff file and, unless ``dry_run`` or at fault, apply it. Whoever is not in it stays as they are."""
    return records_apply(
        source=default_source_ensure(organisation=organisation),
        entries=staff_entries(content),
        mode=FeedRun.Mode.DELTA,
        file_name=file_name,
        dry_run=dry_run,
        acting_user=acting_user,
    )


def structures_apply(
    *,
    content: bytes,
    file_name: str,
    dry_run: bool,
    acting_user: Actor | None,
    organisation: Organisation | None = None,
) -> FeedReport:
    """The same for a file of structures: uai;nom;type;ville."""
    return records_apply(
        source=default_source_ensure(organisation=organisation),
        entries=structure_entries(content),
        mode=FeedRun.Mode.DELTA,
        file_name=file_name,
        dry_run=dry_run,
        acting_user=acting_user,
    )
