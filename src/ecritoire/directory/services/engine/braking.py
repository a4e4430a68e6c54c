"""A run that would end, or rename, too large a part of a source's people stops and asks."""

from __future__ import annotations

from typing import Any

from ecritoire.directory.models import FeedSource

from .working import Working

KNOWN = "SELECT count(*) FROM directory_sourcerecord WHERE source_id = %(source)s AND person_id IS NOT NULL AND gone_on IS NULL"
# Whom the file leaves out, and whom it leaves without any work.
DEPARTURES = """
SELECT (SELECT count(*) FROM feed_gone WHERE person_id IS NOT NULL) + (
    SELECT count(*) FROM feed_incoming WHERE match = 'known' AND NOT said ?| ARRAY['postings', 'terms']
        AND old_said ?| ARRAY['postings', 'terms'])
"""
RENAMED = "SELECT count(*) FROM feed_change WHERE kind = 'addresses_changed'"


def brakes(working: Working, source: FeedSource) -> list[dict[str, Any]]:
    """What is beyond the source's limits: nothing, most days."""
    known = working.value(KNOWN)
    counted = (
        ("departures", working.value(DEPARTURES), source.departures_limit),
        ("address_changes", working.value(RENAMED), source.address_changes_limit),
    )
    return [
        {"kind": kind, "count": count, "known": known, "limit": limit}
        for kind, count, limit in counted
        if known and count * 100 > known * limit
    ]
