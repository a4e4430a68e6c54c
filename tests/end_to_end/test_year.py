"""A small year on the real store: no orphan mailbox, no mail lost, none kept that was to go."""

from __future__ import annotations

import random
import re
import smtplib
import types
from collections import defaultdict
from collections.abc import Iterator

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection

from ecritoire.accounts import tokens
from ecritoire.accounts.lifecycle import State
from ecritoire.accounts.models import Account, PurgeProof
from ecritoire.common.models import AuditEvent
from ecritoire.directory.models import EmailAddress
from ecritoire.mailstore.services import mailbox_create
from ecritoire.mailstore.services_purge import ADMIN, account_purge, administration, mailbox_destroy
from tests.year.replay import Replay
from tests.year.test_year import short_aliases

__all__ = ["short_aliases"]
pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True), pytest.mark.timeout(1800)]
SEED, STAFF = 5, 16  # somebody dies, is renamed, is purged, comes back
POST_DAYS = 13
MESSAGE_ID = re.compile(rb"Message-ID: *<([^>]+)>", re.IGNORECASE)


class Post:
    """Who writes to everybody, as Postfix does: it looks the address up, then hands the message to the store."""

    def __init__(self) -> None:
        self.kept: dict[str, set[str]] = defaultdict(set)  # by mailbox
        self.refused = 0
        self.purged: dict[str, set[str]] = {}

    def round(self, day: str) -> None:
        socket = str(django_settings.CONFIG.data_dir / "run" / "lmtp" / "lmtp")
        with smtplib.LMTP(socket) as lmtp:
            for address in EmailAddress.objects.order_by("pk").values_list("address", flat=True):
                self._write(lmtp, address, f"{day}.{address}")

    def _write(self, lmtp: smtplib.LMTP, address: str, message_id: str) -> None:
        mailbox = destination_of(address)
        if mailbox is None:
            self.refused += 1
            return
        text = f"From: x@partenaire.test\r\nTo: {address}\r\nSubject: {message_id}\r\nMessage-ID: <{message_id}>\r\n\r\nBonjour.\r\n"
        assert lmtp.sendmail("x@partenaire.test", [mailbox], text) == {}
        self.kept[mailbox.partition("@")[0]].add(message_id)


def destination_of(address: str) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT destination FROM postfix_recipients WHERE address = lower(%s)", [address])
        row = cursor.fetchone()
    return row[0] if row else None


@pytest.fixture
def own_numbers(db: None) -> Iterator[int]:
    """Mailboxes of this test's own: its accounts are numbered far from those of the running installation."""
    first = random.randrange(500_000_000, 900_000_000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('accounts_account', 'id'), %s)", [first])
    yield first
    for name in mailboxes(first):
        mailbox_destroy(store_id=name)


@pytest.fixture(autouse=True)
def store_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store lives in the present, whatever the day of the replay."""
    present = types.SimpleNamespace(time=time_machine.escape_hatch.time.time)
    monkeypatch.setattr(tokens, "time", present)


def mailboxes(first: int) -> set[str]:
    """The store's mailboxes of this test, none of another."""
    with administration() as store:
        rows = store.list('""', '"user/u%"')[1]
    found = {
        name.group(1).decode()
        for row in rows
        if isinstance(row, bytes) and (name := re.search(rb"user/(u[0-9-]+)", row))
    }
    return {name for name in found if first < int(name[1:].partition("-")[0]) <= first + 1000}


def messages_of(mailbox: str) -> set[str]:
    with administration() as store:
        store.setacl(f"user/{mailbox}", ADMIN, "lr")
        assert store.select(f"user/{mailbox}", readonly=True)[0] == "OK"
        rows = store.uid("FETCH", "1:*", "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1]
    return {found[1].decode() for row in rows if isinstance(row, tuple) and (found := MESSAGE_ID.search(row[1]))}


def test_it_works(tmp_path, short_aliases, own_numbers):
    post, made = Post(), set()

    def purge(account: Account) -> None:
        if account.store_id in mailboxes(own_numbers):
            post.purged[account.store_id] = messages_of(account.store_id)
        account_purge(account=account, acting_user=None)

    replay = Replay(staff=STAFF, seed=SEED, folder=tmp_path, limit=35, purge=purge)
    for day in replay.days():
        for account in replay.accounts(state=State.ACTIVATED).values():
            if account.store_id not in made:
                mailbox_create(account=account)
                made.add(account.store_id)
        if (day.date - replay.story.first).days % POST_DAYS == 0:
            post.round(day.date.isoformat())
    assert replay.differences(replay.story.last) == []
    assert post.refused
    check_purges(post)
    check_mail(post, own_numbers)
    check_orphans(post, made, own_numbers)


def check_purges(post):
    """What a purge erased is what had come, and its proof counts it."""
    proofs = list(PurgeProof.objects.select_related("account"))
    assert proofs
    assert AuditEvent.objects.filter(action="purge.proof").count() == len(proofs)
    for proof in proofs:
        name = f"u{proof.account_id}" if proof.generation == 1 else f"u{proof.account_id}-{proof.generation}"
        assert proof.finished_at
        assert proof.counts["messages"] == len(post.kept[name])
        assert post.purged.get(name, set()) == post.kept[name]


def check_mail(post, first):
    """Every message that was taken in is in its mailbox, unless it was purged with a proof."""
    for name, kept in post.kept.items():
        if name not in post.purged:
            assert messages_of(name) == kept, name


def check_orphans(post, made, first):
    """The store holds the mailboxes of the accounts that have one, and no other."""
    expected = (made | {name for name, kept in post.kept.items() if kept}) - purged_names()
    assert mailboxes(first) == expected
    assert expected <= {account.store_id for account in Account.objects.exclude(state=State.PURGED)}


def purged_names():
    return {
        f"u{account}" if generation == 1 else f"u{account}-{generation}"
        for account, generation in PurgeProof.objects.values_list("account_id", "generation")
    }
