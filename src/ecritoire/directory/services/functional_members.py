"""Who is in each functional mailbox: by the functions they hold at its structure, or by an invitation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from ecritoire.directory.models import Access, FunctionalMailbox, FunctionalMember
from ecritoire.directory.signals import functional_members_changed

# Of several reasons to be in, the one that gives the most counts, then the oldest. An invitation ends with the
# person's right to a mailbox: whoever leaves the académie is out of it all.
FOLLOW = """
WITH candidates AS (
    SELECT m.id AS mailbox_id, a.person_id, r.access, a.function, a.starts_on AS since, a.ends_on AS until
    FROM directory_functionalmailbox m
    JOIN directory_functionalrule r ON r.organisation_id = m.organisation_id
        AND (r.mailbox_id = m.id OR (r.mailbox_id IS NULL AND m.follows_defaults))
    JOIN directory_assignment a ON a.structure_id = m.structure_id
        AND ((r.label <> '' AND starts_with(lower(a.function), lower(r.label))) OR a.function_code = nullif(r.function_code, ''))
    WHERE m.state = 'open' AND {mailboxes} AND {people}
    UNION ALL
    SELECT m.id, a.person_id, a.access, '', a.starts_on, a.ends_on
    FROM directory_functionalmailbox m JOIN directory_functionalguest a ON a.mailbox_id = m.id
    WHERE m.state = 'open' AND {mailboxes} AND {people}
), members AS (
    SELECT DISTINCT ON (c.mailbox_id, c.person_id) c.*
    FROM candidates c
    JOIN directory_functionalmailbox m ON m.id = c.mailbox_id
    JOIN directory_person p ON p.id = c.person_id AND p.organisation_id = m.organisation_id AND p.deceased_on IS NULL
    WHERE c.since <= %(today)s AND (c.until IS NULL OR c.until >= %(today)s)
        AND (c.function <> '' OR (p.right_from <= %(today)s AND (p.right_until IS NULL OR p.right_until >= %(today)s)))
        AND NOT (m.withdraw_on_leave AND EXISTS (
            SELECT 1 FROM directory_leave l WHERE l.person_id = c.person_id
                AND l.starts_on <= %(today)s AND (l.ends_on IS NULL OR l.ends_on >= %(today)s)))
    ORDER BY c.mailbox_id, c.person_id, array_position(%(ranks)s::varchar[], c.access), c.since
), gone AS (
    UPDATE directory_functionalmember a SET left_on = %(today)s, updated_at = now()
    FROM directory_functionalmailbox m
    WHERE m.id = a.mailbox_id AND a.left_on IS NULL AND {mailboxes} AND {people}
        AND NOT EXISTS (SELECT 1 FROM members x WHERE x.mailbox_id = a.mailbox_id AND x.person_id = a.person_id)
    RETURNING a.mailbox_id
), came AS (
    INSERT INTO directory_functionalmember AS old
        (mailbox_id, person_id, access, function, since, until, created_at, updated_at)
    SELECT mailbox_id, person_id, access, function, since, until, now(), now() FROM members
    ON CONFLICT (mailbox_id, person_id) WHERE left_on IS NULL DO UPDATE
        SET access = excluded.access, function = excluded.function, since = excluded.since, until = excluded.until,
            updated_at = now()
        WHERE (old.access, old.function, old.since, old.until)
            IS DISTINCT FROM (excluded.access, excluded.function, excluded.since, excluded.until)
    RETURNING mailbox_id
)
SELECT mailbox_id FROM gone UNION SELECT mailbox_id FROM came ORDER BY 1
"""


def functional_members_follow(
    *,
    person_ids: Sequence[int] | None = None,
    mailbox_ids: Sequence[int] | None = None,
    today: dt.date | None = None,
) -> list[int]:
    """Bring the members of these mailboxes, as far as these people go, up to date (None: all); returns, and tells the
    rooms above, which mailboxes changed. One statement, however many; nothing is written where nothing changes."""
    query = FOLLOW.format(
        mailboxes="true" if mailbox_ids is None else "m.id = ANY(%(mailboxes)s)",
        people="true" if person_ids is None else "a.person_id = ANY(%(people)s)",
    )
    values: dict[str, Any] = {
        "today": today or timezone.localdate(),
        "mailboxes": list(mailbox_ids or []),
        "people": list(person_ids or []),
        "ranks": list(Access.values),
    }
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            changed = [row[0] for row in cursor.fetchall()]
        if changed:
            functional_members_changed.send(sender=FunctionalMailbox, mailbox_ids=changed)
    return changed


def functional_opened(*, member: FunctionalMember) -> None:
    """Note that a member reads the mailbox: one write a day."""
    today = timezone.localdate()
    if member.last_opened_on != today:
        FunctionalMember.objects.filter(pk=member.pk).update(last_opened_on=today)
