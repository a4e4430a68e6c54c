"""The help desk among half a million requests: list, search, ticket, each beside the bare SQL of the same rows.

``.venv/bin/python -m bench.tickets [--count 500000]`` as root, after ``./ecritoire up --demo``. On a database of its own in the running server;
pages go through Django's test client, in this process: nginx and the network are left out on both sides.
"""

from __future__ import annotations

import argparse
import datetime as dt
import html
import os
import random
import re
import time
from collections.abc import Callable
from typing import Any

from .common import in_turn, show
from .feed import _database

COUNT, ROUNDS, PEOPLE, BATCH = 500_000, 9, 2_000, 10_000
OPEN_SHARE, ANSWERS = 0.02, 2
NOUNS = [
    "téléphone",
    "tablette",
    "messagerie",
    "imprimante",
    "agenda",
    "pièce",
    "dossier",
    "signature",
    "alias",
    "contact",
    "calendrier",
    "antivirus",
    "réseau",
]
VERBS = [
    "bloqué",
    "perdu",
    "lent",
    "refusé",
    "muet",
    "supprimé",
    "illisible",
    "absent",
    "doublé",
    "expiré",
    "inconnu",
    "vide",
]
LINES, SCHOOLS = 8, 1_100
KINDS = ["forgotten"] * 5 + ["takeover", "locked", "mail", "mail", "device", "activation", "service", "other"]
CHANNELS = ["portal", "portal", "mail", "mail", "phone", "contact", "sign_in"]
REOPENED = [0] * 17 + [1, 1, 2]
RARE = "rétroprojecteur"
LIST = "/assistance/file/"
NEXT = re.compile(r'href="(\?[^"]*)" rel="next"')
SELECT = "SELECT t.*, a.login FROM support_ticket t LEFT JOIN accounts_account a ON a.id = t.account_id WHERE t.organisation_id = %s"
ORDER = " ORDER BY t.priority, t.created_at, t.id LIMIT 51"
SEARCHES = {
    "a rare word": RARE,
    "a common word": "téléphone",
    "three words of an answer": "redémarrer tablette essai",
    "a name": "prenom1234",
    "a number": "2026-250000",
    "a word nobody wrote": "hippopotame",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    options = parser.parse_args()
    print(f"load of the machine at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with _database():
        start = time.monotonic()
        agent, organisation = _make(options.count)
        print(f"{options.count:,} requests with {ANSWERS} messages each made in {time.monotonic() - start:.0f} s")
        _measure(agent, organisation, options.count)
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")


def _make(count: int, *, said: bool = True) -> tuple[Any, int]:
    """``said``: with messages and the words to find them by, which take most of the time."""
    from django.db import connection
    from django.utils import timezone

    from ecritoire.accounts.models import Account, RoleGrant
    from ecritoire.directory.models import Person
    from ecritoire.directory.services import organisation_ensure

    here, chance = organisation_ensure(), random.Random(5)
    people = [
        Person(
            organisation=here,
            employee_number=f"B{n:06d}",
            given_name=f"Prenom{n}",
            family_name=f"Nom{n}",
            search_name=f"prenom{n} nom{n}",
            category="teacher",
        )
        for n in range(PEOPLE)
    ]
    Person.objects.bulk_create(people)
    now = timezone.now()
    accounts = [
        Account(
            person=row,
            login=f"p{n}@{here.mail_domain}",
            state="activated",
            activated_at=now,
            details_confirmed_at=now,
            memo_read_at=now,
        )
        for n, row in enumerate(people)
    ]
    Account.objects.bulk_create(accounts)
    RoleGrant.objects.create(account=accounts[0], role="support")
    with connection.cursor() as cursor:
        for name in ("ticket", "ticketmessage"):
            cursor.execute(f"ALTER TABLE support_{name} DISABLE TRIGGER USER")
        _copy(cursor, count, here.pk, [row.pk for row in accounts], chance)
        if said:
            _say(cursor, count, chance)
            _fill(cursor)
        for name in ("ticket", "ticketmessage"):
            cursor.execute(f"ALTER TABLE support_{name} ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE support_ticket, support_ticketmessage, accounts_account")
    return accounts[0], here.pk


def _copy(cursor: Any, count: int, organisation: int, accounts: list[int], chance: random.Random) -> None:
    from django.utils import timezone

    now = timezone.now()
    columns = (
        "id, created_at, updated_at, organisation_id, number, kind, channel, subject, text, account_id, login, name, contact, "
        "priority, state, facts, search_name, last_message_at, route, escalation, queue_id, structure_id, first_answered_at, "
        "resolved_at, response_due, resolution_due, answer_minutes, resolution_minutes, reopenings"
    )
    lines, schools = _places(organisation)
    with cursor.copy(f"COPY support_ticket ({columns}) FROM STDIN") as into:
        for rank in range(1, count + 1):
            who, at = chance.randrange(PEOPLE), now - dt.timedelta(minutes=(count - rank) * 2)
            subject = f"{chance.choice(NOUNS)} {chance.choice(VERBS)}"
            words = " ".join(chance.choices(NOUNS + VERBS, k=30)) + (f" {RARE}" if rank % 20_000 == 0 else "")
            state = chance.choice(["new", "in_progress", "waiting"]) if chance.random() < OPEN_SHARE else "closed"
            number, login = f"2026-{rank:06d}", f"p{who}@x.test"
            folded = f"{number} prenom{who} nom{who} {login} {subject}"
            kind, channel = chance.choice(KINDS), chance.choice(CHANNELS)
            row: tuple[Any, ...] = (
                rank,
                at,
                at,
                organisation,
                number,
                kind,
                channel,
                subject,
                words,
                accounts[who],
                login,
            )
            row = (*row, f"Prenom{who} Nom{who}", "", chance.choice([2, 3, 3, 3]), state, "{}", folded, at, "desk", 0)
            into.write_row((*row, chance.choice(lines), chance.choice(schools), *_course(at, state, chance)))
    cursor.execute("SELECT setval('support_ticket_id_seq', %s)", [count])


def _say(cursor: Any, count: int, chance: random.Random) -> None:
    from django.utils import timezone

    now = timezone.now()
    with cursor.copy(
        "COPY support_ticketmessage (created_at, updated_at, ticket_id, side, audience, text, program) FROM STDIN"
    ) as into:
        for rank in range(1, count + 1):
            for _ in range(ANSWERS):
                words = " ".join(chance.choices(NOUNS + VERBS, k=15)) + (" redémarrer essai" if rank % 300 == 0 else "")
                into.write_row((now, now, rank, "support", "public", words, ""))


def _places(organisation: int) -> tuple[list[int | None], list[int | None]]:
    """The lines and schools of an académie, and for some requests neither."""
    from ecritoire.directory.models import Structure
    from ecritoire.support.models import Queue

    lines = [Queue(organisation_id=organisation, name=f"Ligne {n}") for n in range(LINES)]
    schools = [Structure(organisation_id=organisation, uai=f"099{n:04}Z", name=f"Lycée {n}") for n in range(SCHOOLS)]
    made = Queue.objects.bulk_create(lines), Structure.objects.bulk_create(schools)
    return [None, *(row.pk for row in made[0])], [None, *(row.pk for row in made[1])]


def _course(at: dt.datetime, state: str, chance: random.Random) -> tuple[Any, ...]:
    """When it was answered and resolved, both targets, the open minutes of both, how often it was opened again."""
    due = (at + dt.timedelta(hours=24), at + dt.timedelta(days=5))
    if state == "new":
        return (None, None, *due, None, None, 0)
    answer, resolution = chance.randrange(5, 3_000), chance.randrange(3_000, 15_000)
    answered, resolved = (at + dt.timedelta(minutes=minutes) for minutes in (answer, resolution))
    if state != "closed":
        return (answered, None, *due, answer // 4, None, 0)
    return (answered, resolved, *due, answer // 4, resolution // 4, chance.choice(REOPENED))


def _fill(cursor: Any) -> None:
    """What the triggers would have written, all at once, the indexes after."""
    cursor.execute("DROP INDEX ticket_search_words")
    cursor.execute(
        "UPDATE support_ticket t SET search = desk_words(t.search_name, t.subject, t.text || ' ' || m.said) FROM "
        "(SELECT ticket_id, string_agg(text, ' ') AS said FROM support_ticketmessage GROUP BY ticket_id) m WHERE m.ticket_id = t.id"
    )
    cursor.execute("CREATE INDEX ticket_search_words ON support_ticket USING gin (search)")


def _measure(agent: Any, organisation: int, count: int) -> None:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    from ecritoire.accounts.models import TotpFactor

    TotpFactor.objects.create(account=agent, secret="x")
    browser = Client(HTTP_HOST="localhost", HTTP_X_REAL_IP="127.0.0.1")
    browser.force_login(agent)

    def page(query: str) -> Callable[[], Any]:
        def get() -> Any:
            answer = browser.get(f"{LIST}{query}", secure=True)
            assert answer.status_code == 200, answer
            return answer

        return get

    lists = {
        "list of the open ones": ("?state=open", " AND t.state IN ('new', 'in_progress', 'waiting')"),
        "list of all": ("?state=all", ""),
    }
    for what, (query, where) in lists.items():
        found = in_turn(page(query), _bare(SELECT + where + ORDER, [organisation]), ROUNDS)
        show(what, *found, "ms", "under 200 ms")
    two_hundredth = "?state=all"
    for _ in range(199):
        following = NEXT.search(page(two_hundredth)().content.decode())
        assert following
        two_hundredth = html.unescape(following[1])
    offset = _bare(SELECT + ORDER.replace("LIMIT 51", "LIMIT 51 OFFSET 9950"), [organisation])
    show("its 200th page (control: by offset)", *in_turn(page(two_hundredth), offset, ROUNDS), "ms", "under 200 ms")
    for what, typed in SEARCHES.items():
        for state in ("open", "all"):
            where = " AND t.search @@ desk_query(%s)" + (lists["list of the open ones"][1] if state == "open" else "")
            bare = _bare(SELECT + where + ORDER, [organisation, typed])
            found = in_turn(page(f"?state={state}&q={typed}"), bare, ROUNDS)
            show(f"search, {state}: {what}", *found, "ms", "under 200 ms")
    ticket = f"2026-{count // 2:06d}"
    bare = _bare("SELECT * FROM support_ticket WHERE number = %s", [ticket])
    show("ticket page", *in_turn(page(f"{ticket}/"), bare, ROUNDS), "ms", "under 200 ms")
    with CaptureQueriesContext(connection) as spent:
        page(f"{ticket}/")()
    longest = max(float(query["time"]) for query in spent.captured_queries)
    print(f"ticket page: {len(spent)} queries, the longest {longest * 1000:.0f} ms")


def _bare(sql: str, values: list[Any]) -> Callable[[], object]:
    from django.db import connection

    def ask() -> object:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    return ask


if __name__ == "__main__":
    main()
