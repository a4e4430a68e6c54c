"""From when until when somebody has a right to a mailbox, by their contracts, or else by their assignments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from ecritoire.directory.models import Person
from ecritoire.directory.signals import rights_changed

CHUNK = 5_000

# Periods less than ``bridge`` days apart are one (a summer between two school years): each is prolonged by that much,
# joined with what it then meets, and shortened again. Of the periods left the one of today counts, or else the next to
# come, or else the last one over.
CHOSEN = """
joined AS (
    SELECT person_id, unnest(range_agg(daterange(starts_on, ends_on + 1 + %(bridge)s, '[)'))) AS period
    FROM periods GROUP BY person_id
), islands AS (
    SELECT person_id, lower(period) AS starts_on, upper(period) - 1 - %(bridge)s AS ends_on FROM joined
), chosen AS (
    SELECT DISTINCT ON (person_id) person_id, starts_on, ends_on FROM islands
    ORDER BY person_id, coalesce(ends_on < %(today)s, false),
        CASE WHEN ends_on < %(today)s THEN %(today)s - ends_on ELSE starts_on - %(today)s END
)
"""
RECOMPUTE = f"""
WITH periods AS (
    SELECT person_id, starts_on, ends_on FROM directory_contract WHERE person_id = ANY(%(ids)s)
    UNION ALL
    SELECT person_id, starts_on, ends_on FROM directory_assignment a WHERE person_id = ANY(%(ids)s)
        AND NOT EXISTS (SELECT 1 FROM directory_contract c WHERE c.person_id = a.person_id)
), {CHOSEN}
UPDATE directory_person p SET right_from = c.starts_on, right_until = c.ends_on
FROM unnest(%(ids)s) AS wanted(id) LEFT JOIN chosen c ON c.person_id = wanted.id
WHERE p.id = wanted.id AND (p.right_from, p.right_until) IS DISTINCT FROM (c.starts_on, c.ends_on)
RETURNING p.id
"""


def rights_recompute(*, person_ids: Sequence[int]) -> list[int]:
    """Bring ``right_from`` and ``right_until`` up to date; returns, and tells the rooms above, whose right changed.

    One statement for each 5,000 people; nothing is written for those whose right stays.
    """
    changed: list[int] = []
    for start in range(0, len(person_ids), CHUNK):
        changed += _recompute(list(person_ids[start : start + CHUNK]))
    return changed


def _recompute(ids: list[int]) -> list[int]:
    with transaction.atomic():
        values: dict[str, Any] = {
            "ids": ids,
            "today": timezone.localdate(),
            "bridge": settings.CONFIG.lifecycle.bridge_days,
        }
        with connection.cursor() as cursor:
            cursor.execute(RECOMPUTE, values)
            changed = [row[0] for row in cursor.fetchall()]
        if changed:
            rights_changed.send(sender=Person, person_ids=changed)
    return changed


def rights_roll(*, today: dt.date) -> list[int]:
    """Daily: whoever's period is over may have another to come."""
    over = Person.objects.filter(right_until__lt=today)
    return rights_recompute(person_ids=list(over.order_by("pk").values_list("pk", flat=True)))
