"""Once people are written, what follows from it: rights, accounts, mailboxes, each slice in a transaction of its own.

Cut short, it goes on from ``run.followed_to``; done twice, it changes nothing.
"""

from __future__ import annotations

from itertools import takewhile

from django.db import connection, transaction

from ecritoire.common.services import Actor
from ecritoire.directory.models import EmailAddress, FeedRun, Person
from ecritoire.directory.services.functional import functional_ensure
from ecritoire.directory.services.rights import rights_recompute
from ecritoire.directory.signals import assignments_changed, people_assigned, primary_address_changed, rights_changed

SLICE = 2_000
CAREFUL = 100
"""Of people with an account: each of its steps is in the journal, for which the others wait until the slice is over."""

Row = tuple[int, bool, bool, bool, str | None, bool]
NEXT = """
SELECT person_id, bool_or(kind IN ('assignments_created', 'contracts_created')),
    bool_or(kind LIKE 'assignments%%'), bool_or(kind = 'deaths'), max(before) FILTER (WHERE kind = 'addresses_changed'),
    bool_or(kind = 'people_created')
FROM directory_feedchange WHERE run_id = %s AND person_id > %s GROUP BY person_id ORDER BY person_id LIMIT %s
"""


# Until it is counted, a table of a first import is empty to the planner, and each slice would be joined row by row.
COUNT_ANEW = "ANALYZE directory_functionalmailbox; ANALYZE directory_functionalmember"


def follow(*, run: FeedRun, acting_user: Actor | None) -> None:
    if run.counts.get("structures_created"):
        functional_ensure()
        with connection.cursor() as cursor:
            cursor.execute(COUNT_ANEW)
    while _slice(run, acting_user):
        pass


def _slice(run: FeedRun, acting_user: Actor | None) -> bool:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(NEXT, [run.pk, run.followed_to, SLICE])
            rows = _portion(cursor.fetchall())
        if not rows:
            return False
        _tell(rows, acting_user)
        run.followed_to = rows[-1][0]
        run.save(update_fields=["followed_to"])
    return True


def _portion(rows: list[Row]) -> list[Row]:
    """The first rows, all of new people or all of people who were there before."""
    alike = list(takewhile(lambda row: row[5] == rows[0][5], rows))
    return alike if alike and alike[0][5] else alike[:CAREFUL]


def _tell(rows: list[Row], acting_user: Actor | None) -> None:
    changed = set(rights_recompute(person_ids=[row[0] for row in rows]))
    if assigned := [row[0] for row in rows if row[1]]:
        people = list(Person.objects.filter(pk__in=assigned).order_by("pk"))
        people_assigned.send(sender=FeedRun, people=people, acting_user=acting_user)
    if moved := [row[0] for row in rows if row[2]]:
        assignments_changed.send(sender=FeedRun, person_ids=moved)
    if dead := [row[0] for row in rows if row[3] and row[0] not in changed]:
        rights_changed.send(sender=FeedRun, person_ids=dead)
    _tell_addresses({row[0]: row[4] for row in rows if row[4]})


def _tell_addresses(old: dict[int, str]) -> None:
    current = EmailAddress.objects.filter(person__in=old, is_primary=True, retired_at__isnull=True)
    before = {row.address: row for row in EmailAddress.objects.filter(address__in=old.values())}
    for new in current.select_related("person"):
        former = old[new.person_id] if new.person_id else new.address
        if former != new.address:
            primary_address_changed.send(sender=Person, person=new.person, old=before[former], new=new)
