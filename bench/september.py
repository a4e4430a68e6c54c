"""A September: seven thousand arrivals and seven thousand renewals in one day, while mail flows."""

from __future__ import annotations

import datetime as dt
import subprocess
import threading
import time
from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

from ecritoire.directory.feed.record import Posting, StaffRecord, Term
from ecritoire.directory.models import FeedSource, Person, Structure
from ecritoire.directory.services import organisation_ensure, records_apply
from launcher import config
from launcher.site import PARTNER_DOMAIN, Site

from .common import person

EACH = 7_000
MESSAGES, SESSIONS, SIZE = 100, 4, 4000
ENDING = """
UPDATE accounts_account SET state = 'ending', activated_at = now(), closes_on = current_date + 20 WHERE person_id = ANY(%s)
"""


def prepare() -> tuple[list[StaffRecord], FeedSource]:
    """Seven thousand accounts on their way out; what September says of them, and of as many new people."""
    source = FeedSource.objects.create(
        organisation=organisation_ensure(), name="Septembre", slug="septembre", kind="csv"
    )
    people = list(Person.objects.filter(birth_date__isnull=False).order_by("-pk")[:EACH])
    today = timezone.localdate()
    over = [_hired(who, today - dt.timedelta(days=1)) for who in people]
    _apply(source, over)
    with connection.cursor() as cursor:
        cursor.execute(ENDING, [[who.pk for who in people]])
    renewed = [_hired(who, today + dt.timedelta(days=365)) for who in people]
    codes = list(Structure.objects.values_list("uai", flat=True)[:500])
    return [*renewed, *(_new(rank, codes, today) for rank in range(EACH))], source


def _hired(who: Person, ends_on: dt.date) -> StaffRecord:
    term = Term(f"S{who.pk}", ends_on - dt.timedelta(days=700), ends_on)
    return StaffRecord(
        f"S{who.pk}", who.family_name, who.given_name, birth_date=who.birth_date, category="contract", terms=(term,)
    )


def _new(rank: int, codes: Sequence[str], today: dt.date) -> StaffRecord:
    letters = "".join(chr(ord("a") + int(digit)) for digit in f"{rank % 900:03d}")
    return StaffRecord(
        f"N{rank}",
        f"Rentrée{letters}",
        "Camille",
        birth_date=dt.date(1970, 1, 1) + dt.timedelta(days=rank),
        category="teacher",
        postings=(Posting(codes[rank % len(codes)], "ENSEIGNEMENT", "ENS", today),),
    )


def _apply(source: FeedSource, entries: list[StaffRecord]) -> object:
    return records_apply(
        source=source,
        entries=entries,
        mode="delta",
        file_name="septembre",
        dry_run=False,
        acting_user=None,
        confirmed=True,
    )


def september(*, entries: list[StaffRecord], source: FeedSource) -> None:
    from .feed import show_rates

    site = Site(config.load())
    address = person(site, "Nadia")["sign_in"]
    alone = _rate(site, address, rounds=4)
    over, counted = threading.Event(), [0]

    def flow() -> None:
        while not over.is_set():
            _burst(site, address)
            counted[0] += MESSAGES

    mail = threading.Thread(target=flow)
    start = time.monotonic()
    mail.start()
    report = _apply(source, entries)
    seconds = time.monotonic() - start
    over.set()
    mail.join()
    show_rates(alone, counted[0] / (time.monotonic() - start), seconds, report)


def _rate(site: Site, address: str, *, rounds: int) -> float:
    start = time.monotonic()
    for _ in range(rounds):
        _burst(site, address)
    return rounds * MESSAGES / (time.monotonic() - start)


def _burst(site: Site, address: str) -> None:
    """Delivered, not only taken: until the queue is empty."""
    sender = f"essai@{PARTNER_DOMAIN}"
    port = site.config.listen.smtp
    command = ["smtp-source", "-s", str(SESSIONS), "-m", str(MESSAGES), "-l", str(SIZE), "-f", sender, "-t", address]
    subprocess.run([*command, f"127.0.0.1:{port}"], check=True)
    look = ["postqueue", "-c", str(site.etc("postfix")), "-p"]
    while b"queue is empty" not in subprocess.run(look, capture_output=True, check=False).stdout:
        time.sleep(0.02)
