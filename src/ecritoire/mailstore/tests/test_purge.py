"""A purge, on the real store: nothing of the mailbox is left on disk, and a proof is."""

from __future__ import annotations

import datetime as dt
import imaplib
import os
import subprocess
import uuid

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from ecritoire.accounts.lifecycle import Event, State
from ecritoire.accounts.models import PurgeProof
from ecritoire.accounts.services.endings import hold_lift, hold_place
from ecritoire.accounts.services.lifecycle import Reason, account_move
from ecritoire.accounts.services.purging import PurgeRefused
from ecritoire.accounts.tokens import token_issue
from ecritoire.common.models import AuditEvent
from ecritoire.mailstore import services_purge
from ecritoire.mailstore.jmap import StoreUnavailable
from ecritoire.mailstore.services import mailbox_create, store_connect, store_open
from ecritoire.mailstore.services_purge import account_purge, administration, mailbox_inventory
from ecritoire.mailstore.services_rules import rule_write
from ecritoire.mailstore.tests.waiting import wait_until

WORD = "zyzomys"


@pytest.fixture
def word():
    """One that is nowhere else on this disk."""
    return f"{WORD}{uuid.uuid4().hex[:10]}"


@pytest.fixture
def box(newcomer, word):
    """Two messages, one of them expunged, a folder, a contact, a rule; all of them hold the word."""
    mailbox_create(account=newcomer)
    with store_connect(account=newcomer) as connection:
        connection.create(f"Dossier-{word}")
        for folder, number in (("INBOX", 1), ("INBOX", 2), (f"Dossier-{word}", 3)):
            text = f"From: a@b.test\r\nSubject: {word} {number}\r\nMessage-ID: <{number}.{word}@b.test>\r\n\r\n{word} corps\r\n"
            connection.append(folder, "", None, text.encode())
        connection.select("INBOX")
        connection.store("1", "+FLAGS", "\\Deleted")
        connection.expunge()
    rule_write(account=newcomer, name=f"tri-{word}", text=f"# {word}\nkeep;")
    with store_open(account=newcomer) as client:
        card = {"create": {"c": {"lastName": word, "addressbookId": "Default"}}}
        client.call(("Contact/set", card, "c"), using=["https://cyrusimap.org/ns/jmap/contacts"])
    return newcomer


def on_disk(word):
    """The files of the store that hold the word, in name or content."""
    root = settings.CONFIG.data_dir / "data" / "cyrus"
    held = subprocess.run(["grep", "-rlaiF", word, str(root)], capture_output=True, text=True, check=False).stdout
    named = [os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names if word in name]
    return [path for path in {*held.split(), *named} if not passing(path)]


def passing(path):
    """The store's memory of names and Message-IDs, pruned by its own dates; and files of a moment."""
    return (
        os.path.basename(path) in {"mailboxes.db", "deliver.db", "annotations.db"}
        or "/conf/proc/" in path
        or "/db" in path
    )


def close(account):
    account_move(account=account, event=Event.DEACTIVATE, reason=Reason.DECISION, acting_user=None)
    account.refresh_from_db()


def test_it_works(box, word):
    wait_until(lambda: any("/search/" in path for path in on_disk(word)), "the index")
    assert {"mail", "sieve", "user", "search"} <= {part for path in on_disk(word) for part in path.split("/")}
    box.person.private_email = "anne@prive.test"
    box.person.save()
    close(box)
    proof = account_purge(account=box, acting_user=None)
    wait_until(lambda: not on_disk(word), "an empty disk")
    box.refresh_from_db()
    box.person.refresh_from_db()
    assert (box.state, box.person.private_email, box.activated_at) == (State.PURGED, "", None)
    assert not box.has_usable_password()
    assert proof.counts["messages"] == 2
    assert proof.counts["folders"] >= 7
    assert proof.backups_until == timezone.localdate() + dt.timedelta(days=90)
    event = AuditEvent.objects.get(action="purge.proof", target=box.login)
    assert event.detail["digest"] == proof.digest
    assert word not in str(event.detail)
    assert box.person.addresses.filter(address=box.login).exists()


def test_another_mailbox_whose_name_begins_alike_stays(box, word, monkeypatch):
    longer = f"{box.store_id}9"
    with imaplib.IMAP4("127.0.0.1", settings.CONFIG.internal.imap) as connection:
        connection.login(longer, token_issue(longer))
        connection.append("INBOX", "", None, b"Subject: reste\r\n\r\nreste\r\n")
    close(box)
    account_purge(account=box, acting_user=None)
    assert mailbox_inventory(store_id=longer)[0]["messages"] == 1
    services_purge.mailbox_destroy(store_id=longer)


def test_a_legal_hold_stops_it(box, admin, word):
    close(box)
    hold = hold_place(account=box, reference="réquisition", reason="enquête", acting_user=admin)
    with pytest.raises(PurgeRefused):
        account_purge(account=box, acting_user=None)
    assert mailbox_inventory(store_id=box.store_id)[0]["messages"] == 2
    hold_lift(hold=hold, reason="classée", acting_user=admin)
    assert account_purge(account=box, acting_user=None).finished_at


def test_an_open_account_is_not_purged(box):
    with pytest.raises(PurgeRefused):
        account_purge(account=box, acting_user=None)


@pytest.mark.parametrize("broken", ["connections_cut", "mailbox_destroy", "purge_emptied", "purge_finish"])
def test_a_crash_anywhere_is_made_good_by_running_again(box, word, monkeypatch, broken):
    close(box)

    def crash(**kwargs):
        raise StoreUnavailable("unavailable", "cut off")

    with monkeypatch.context() as patch:
        patch.setattr(services_purge, broken, crash)
        with pytest.raises(StoreUnavailable):
            account_purge(account=box, acting_user=None)
    box.refresh_from_db()
    assert box.state == State.DEACTIVATED
    digest = PurgeProof.objects.get().digest
    proof = account_purge(account=box, acting_user=None)
    assert (proof.digest, proof.counts["messages"]) == (digest, 2)
    wait_until(lambda: not on_disk(word), "an empty disk")


def test_a_mailbox_that_never_was(newcomer):
    close(newcomer)
    proof = account_purge(account=newcomer, acting_user=None)
    assert proof.counts["messages"] == 0


def test_the_digest_tells_two_lists_apart(box):
    before = mailbox_inventory(store_id=box.store_id)
    assert mailbox_inventory(store_id=box.store_id) == before
    with store_connect(account=box) as connection:
        connection.append("INBOX", "", None, b"Subject: un de plus\r\n\r\nx\r\n")
    assert mailbox_inventory(store_id=box.store_id)[1] != before[1]


def test_the_command(box, capsys):
    close(box)
    with pytest.raises(CommandError, match="not due"):
        call_command("purge", box.login)
    box.purge_on = timezone.localdate()
    box.save()
    box.person.right_until = timezone.localdate() - dt.timedelta(days=90)
    box.person.save()
    call_command("purge", "--dry-run")
    assert box.login in capsys.readouterr().out
    call_command("purge", box.login)
    box.refresh_from_db()
    assert box.state == State.PURGED


def test_the_nightly_job_asks_for_those_that_are_due(box):
    from procrastinate.contrib.django.models import ProcrastinateJob

    from ecritoire.mailstore.tasks import purge_due_job

    close(box)
    purge_due_job(0)
    jobs = ProcrastinateJob.objects.filter(task_name="mailstore.purge")
    assert not jobs.exists()
    box.purge_on = timezone.localdate()
    box.save()
    box.person.right_until = timezone.localdate() - dt.timedelta(days=90)
    box.person.save()
    purge_due_job(0)
    assert [job.args for job in jobs] == [{"account_id": box.pk}]


def test_the_administrator_has_no_password(box):
    with administration() as connection:
        assert connection.noop()[0] == "OK"
