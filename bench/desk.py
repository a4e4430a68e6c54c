"""The console among 35,000 people, and a journal of a million entries: made within a transaction, measured, undone."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.common.audit import audit_verify
from ecritoire.common.models import AuditEvent
from ecritoire.common.services import audit_digest
from ecritoire.directory.addresses import fold, local_part
from ecritoire.directory.models import Assignment, EmailAddress, Person, Structure
from ecritoire.directory.services import organisation_ensure
from launcher.site import Site

from .common import in_turn, person, show

PEOPLE, SCHOOLS, ENTRIES, BATCH = 35_000, 1_200, 1_000_000, 5_000
SYLLABLES = [
    "ba",
    "be",
    "bi",
    "ca",
    "ce",
    "chau",
    "da",
    "del",
    "don",
    "du",
    "fa",
    "fer",
    "gau",
    "ger",
    "ha",
    "hé",
    "jac",
    "la",
    "le",
    "lon",
    "ma",
    "mar",
    "mi",
    "mo",
    "na",
    "nor",
    "pa",
    "per",
    "ra",
    "ri",
    "ro",
    "sa",
    "ser",
    "ta",
    "tu",
    "va",
    "vi",
]
ENDINGS = ["ard", "aud", "eau", "er", "et", "ier", "in", "on", "ot", "oux", "é", "ès"]
GIVEN = [
    "Zoé",
    "François",
    "Noël",
    "Gaëlle",
    "Anne",
    "Sophie",
    "Hélène",
    "Loïc",
    "Inès",
    "Maëva",
    "Thérèse",
    "Rémi",
    "Aïcha",
    "Benoît",
    "Chloé",
    "Émile",
    "Karim",
    "Jean",
    "Luc",
    "Marie",
]
SEARCHES = {
    "a name, with accents": "hélène delmar",
    "a fragment of a name": "auger",
    "an address": "sophie.marla",
    "an employee number": "B0012345",
    "a name and a school": "noël lycée 742",
    "a school": "0971000",
    "a name nearly right": "zoé marbeaux-xx",
    "one letter": "z",
    "nothing typed": "",
}


def run(site: Site) -> None:
    who = Account.objects.get(login=person(site, "Nadia")["sign_in"])
    with transaction.atomic():
        _people()
        _searches(who)
        transaction.set_rollback(True)
    with transaction.atomic():
        _journal()
        transaction.set_rollback(True)


def _people() -> None:
    chance = random.Random(1)
    organisation = organisation_ensure()
    schools = [
        Structure(
            organisation=organisation,
            uai=f"097{rank:04d}X",
            name=f"Lycée n° {rank}",
            kind="high",
            city="Ville",
            search_name=f"lycee n° {rank} ville 097{rank:04d}x",
        )
        for rank in range(SCHOOLS)
    ]
    Structure.objects.bulk_create(schools)
    people, addresses, accounts, work = [], [], [], []
    for rank in range(PEOPLE):
        given = chance.choice(GIVEN)
        family = "".join(chance.choices(SYLLABLES, k=chance.randint(1, 3))).capitalize() + chance.choice(ENDINGS)
        row = Person(
            organisation=organisation,
            employee_number=f"B{rank:07d}",
            given_name=given,
            family_name=family,
            category=chance.choice(Person.Category.values),
            search_name=fold(f"{given} {family}"),
        )
        address = f"{local_part(given, family)}{rank}@bench.test"
        people.append(row)
        addresses.append(EmailAddress(address=address, person=row))
        accounts.append(Account(person=row, login=address, state="activated", activated_at=timezone.now()))
        start = dt.date(2026, 9, 1)
        work.append(Assignment(person=row, structure=chance.choice(schools), function="Professeur", starts_on=start))
    Person.objects.bulk_create(people, batch_size=BATCH)
    EmailAddress.objects.bulk_create(addresses, batch_size=BATCH)
    Account.objects.bulk_create(accounts, batch_size=BATCH)
    Assignment.objects.bulk_create(work, batch_size=BATCH)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gin_clean_pending_list(name) FROM unnest(ARRAY['person_search_trigrams', 'person_number_trigrams', "
            "'address_trigrams', 'structure_search_trigrams']::regclass[]) AS name"
        )
        cursor.execute(
            "ANALYZE directory_person, directory_emailaddress, directory_assignment, directory_structure, accounts_account"
        )


def _searches(who: Account) -> None:
    browser = Client(HTTP_HOST="localhost", HTTP_X_REAL_IP="127.0.0.1")
    browser.force_login(who)

    def find(words: str, indexed: bool) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL enable_bitmapscan = {'on' if indexed else 'off'}")
        answer = browser.get("/annuaire/", {"q": words}, secure=True)
        assert answer.status_code == 200

    for what, words in SEARCHES.items():
        found = in_turn(lambda w=words: find(w, True), lambda w=words: find(w, False), 7)  # type: ignore[misc]
        show(f"page of people: {what}", *found, "ms", "under 1,000 ms; control: no trigram index")


def _journal() -> None:
    last = AuditEvent.objects.order_by("-id").values_list("digest", flat=True).first() or ""
    for _ in range(ENTRIES // BATCH):
        rows = []
        for fields in _events(BATCH):
            last = audit_digest(previous=last, **fields)
            rows.append(AuditEvent(**fields, digest=last))
        AuditEvent.objects.bulk_create(rows)
    start = time.perf_counter()
    found = audit_verify()
    seconds = time.perf_counter() - start
    assert found.fault is None
    start = time.perf_counter()
    for row in AuditEvent.objects.order_by("id").values_list().iterator(chunk_size=BATCH):
        assert row
    show(f"audit verify, {found.entries:,} entries", seconds, time.perf_counter() - start, "s", "control: reading them")


def _events(count: int) -> Iterator[dict[str, Any]]:
    now = timezone.now()
    for rank in range(count):
        detail = {"reason": "téléphone perdu", "count": rank}
        yield {"at": now, "actor": "nadia@x.test", "action": "account.unlock", "target": "x", "detail": detail}
