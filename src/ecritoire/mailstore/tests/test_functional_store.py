"""A functional mailbox in the store: its members' rights, and the end of them on the wire."""

from __future__ import annotations

import datetime as dt
import imaplib
import uuid

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from ecritoire.accounts.lifecycle import Event
from ecritoire.accounts.models import Account, AccountTransition
from ecritoire.accounts.services.lifecycle import account_move
from ecritoire.common.models import AuditEvent
from ecritoire.directory.models import Access, FunctionalGuest, FunctionalMailbox
from ecritoire.directory.services import (
    functional_close,
    functional_create,
    functional_guest_add,
    functional_guest_remove,
    functional_reopen,
    organisation_ensure,
)
from ecritoire.mailstore import services_functional
from ecritoire.mailstore.jmap import JmapError, StoreUnavailable
from ecritoire.mailstore.selectors import role_ids
from ecritoire.mailstore.selectors_functional import activity_of, empty_due, empty_on
from ecritoire.mailstore.services import mailbox_create, store_connect_as, store_open
from ecritoire.mailstore.services_functional import functional_empty, functional_follow
from ecritoire.mailstore.services_purge import mailbox_inventory
from ecritoire.mailstore.tasks import functional_empty_job
from ecritoire.mailstore.tests.test_steward import is_open
from tests.end_to_end.conftest import wait_until

pytestmark = pytest.mark.django_db
TODAY = dt.date.today()
LETTER = b"From: p@partenaire.test\r\nTo: dec@ac-valmont.test\r\nSubject: Bonjour\r\nMessage-ID: <1@x>\r\n\r\nCorps\r\n"


@pytest.fixture(autouse=True)
def own_names(monkeypatch):
    """Mailboxes of their own in the store for each test."""
    run = uuid.uuid4().hex[:10]
    monkeypatch.setattr(Account, "store_id", property(lambda self: f"u{run}{self.pk}"))
    return run


@pytest.fixture
def mailbox(admin, own_names):
    made = functional_create(
        organisation=organisation_ensure(),
        local_part=f"dec{own_names}",
        name="Examens",
        kind=FunctionalMailbox.Kind.EXAM,
        structure=None,
        acting_user=admin,
    )
    made.store_id = f"f-{own_names}"
    made.save()
    return made


@pytest.fixture
def let_in(mailbox, admin):
    def enter(account, access=Access.DELEGATE):
        mailbox_create(account=account)
        guest = functional_guest_add(
            mailbox=mailbox, person=account.person, access=access, starts_on=TODAY, ends_on=None, acting_user=admin
        )
        functional_follow(mailbox_id=mailbox.pk)
        return guest

    return enter


def deliver(mailbox):
    with store_connect_as(mailbox.store_id) as connection:
        assert connection.append("INBOX", "", None, LETTER)[0] == "OK"


def look(account, mailbox):
    with store_open(account=account, mailbox=mailbox.store_id) as client:
        ids = client.call(("Email/query", {"filter": {}}, "q"))["q"]["ids"]
        return {email["id"]: email["keywords"] for email in client.call(("Email/get", {"ids": ids}, "e"))["e"]["list"]}


def mark(account, mailbox, keyword):
    (email_id,) = look(account, mailbox)
    with store_open(account=account, mailbox=mailbox.store_id) as client:
        update = {email_id: {f"keywords/{keyword}": True}}
        return client.call(("Email/set", {"update": update}, "s"))["s"].get("notUpdated")


def test_it_works(mailbox, let_in, anne, boris):
    let_in(anne)
    let_in(boris)
    deliver(mailbox)
    assert mark(anne, mailbox, "$seen") is None
    assert list(look(boris, mailbox).values()) == [{"$seen": True}]
    with store_open(account=anne, mailbox=mailbox.store_id) as client:
        assert set(role_ids(client)) == {"inbox", "sent", "drafts", "trash", "junk", "archive"}


def test_nobody_else_sees_it(mailbox, let_in, anne, boris):
    let_in(anne)
    mailbox_create(account=boris)
    with pytest.raises(JmapError, match="accountNotFound"):
        look(boris, mailbox)


def test_a_reader_changes_nothing_not_even_what_is_read(mailbox, let_in, anne):
    let_in(anne, Access.READER)
    deliver(mailbox)
    for keyword in ("$seen", "$flagged"):
        assert mark(anne, mailbox, keyword)
    assert list(look(anne, mailbox).values()) == [{}]


def test_mail_applications_see_it_beside_their_own(mailbox, let_in, anne):
    let_in(anne)
    with store_connect_as(anne.store_id) as connection:
        listed = b"\n".join(row for row in connection.list()[1] if isinstance(row, bytes)).decode()
    assert f'"Other Users/{mailbox.store_id}/Sent"' in listed


def subscribed(account):
    with store_connect_as(account.store_id) as connection:
        return b"\n".join(row for row in connection.lsub()[1] if isinstance(row, bytes)).decode()


def test_applications_that_show_subscriptions_alone_show_it(mailbox, let_in, anne, admin):
    guest = let_in(anne)
    assert f'"Other Users/{mailbox.store_id}/Sent"' in subscribed(anne)
    functional_guest_remove(guest=guest, acting_user=admin)
    functional_follow(mailbox_id=mailbox.pk)
    assert mailbox.store_id not in subscribed(anne)


def test_a_crash_before_the_cut_leaves_it_to_the_next_run(mailbox, let_in, anne, admin, monkeypatch):
    guest = let_in(anne)
    connection = imap_in(anne, mailbox)
    functional_guest_remove(guest=guest, acting_user=admin)
    with monkeypatch.context() as broken:
        broken.setattr(services_functional, "connections_cut", crash)
        with pytest.raises(StoreUnavailable):
            functional_follow(mailbox_id=mailbox.pk)
    assert is_open(connection)
    with store_connect_as(anne.store_id) as again:
        assert again.select(f'"Other Users/{mailbox.store_id}"')[0] == "NO"
    assert functional_follow(mailbox_id=mailbox.pk) == [anne.store_id]
    wait_until(lambda: not is_open(connection), "the end of the connection")
    assert functional_follow(mailbox_id=mailbox.pk) == []


def crash(**kwargs):
    raise OSError


def test_whoever_leaves_is_cut_off_in_the_middle_of_reading(mailbox, let_in, anne, admin):
    guest = let_in(anne)
    deliver(mailbox)
    connection = imap_in(anne, mailbox)
    functional_guest_remove(guest=guest, acting_user=admin)
    assert functional_follow(mailbox_id=mailbox.pk) == [anne.store_id]
    wait_until(lambda: not is_open(connection), "the end of the connection")
    with store_connect_as(anne.store_id) as again:
        assert again.select(f'"Other Users/{mailbox.store_id}"')[0] == "NO"
    assert functional_follow(mailbox_id=mailbox.pk) == []


def test_whoever_keeps_less_is_cut_off_too_and_nobody_else(mailbox, let_in, anne, boris):
    let_in(anne)
    let_in(boris)
    connections = [imap_in(account, mailbox) for account in (anne, boris)]
    let_in(anne, Access.READER)
    wait_until(lambda: not is_open(connections[0]), "the end of the connection")
    assert is_open(connections[1])


def imap_in(account, mailbox):
    connection = store_connect_as(account.store_id)
    assert connection.select(f'"Other Users/{mailbox.store_id}"')[0] == "OK"
    return connection


def test_a_suspended_member_is_named_no_longer(mailbox, let_in, anne, admin):
    let_in(anne)
    reason = AccountTransition.Reason.DECISION
    account_move(account=anne, event=Event.SUSPEND, reason=reason, acting_user=admin)
    assert functional_follow(mailbox_id=mailbox.pk) == [anne.store_id]
    account_move(account=anne, event=Event.RESUME, reason=reason, acting_user=admin)
    functional_follow(mailbox_id=mailbox.pk)
    assert look(anne, mailbox) == {}


def test_folders_a_member_makes_are_everybody_s(mailbox, let_in, anne, boris):
    let_in(anne)
    let_in(boris)
    with store_connect_as(anne.store_id) as connection:
        assert connection.create(f'"Other Users/{mailbox.store_id}/Concours"')[0] == "OK"
    functional_follow(mailbox_id=mailbox.pk)
    with store_open(account=boris, mailbox=mailbox.store_id) as client:
        names = {row["name"] for row in client.call(("Mailbox/get", {"ids": None}, "m"))["m"]["list"]}
    assert "Concours" in names


def test_a_closed_one_is_nobody_s(mailbox, let_in, anne, admin):
    let_in(anne)
    deliver(mailbox)
    functional_close(mailbox=mailbox, on=TODAY - dt.timedelta(days=1), words="", acting_user=admin)
    functional_follow(mailbox_id=mailbox.pk)
    with pytest.raises(JmapError, match="accountNotFound"):
        look(anne, mailbox)


def test_activity_counts_without_being_a_member(mailbox, let_in, anne):
    let_in(anne)
    deliver(mailbox)
    found = activity_of(mailbox)
    assert found
    assert (found.messages, found.unread, found.quota > found.size) == (1, 1, True)


def jobs(mailbox):
    return ProcrastinateJob.objects.filter(task_name="mailstore.functional_follow", args={"mailbox_id": mailbox.pk})


def test_the_store_is_asked_only_when_somebody_may_come(mailbox, make_account, admin):
    waiting = make_account("Wanda", "Attente", state=Account.State.PROVISIONED, activated_at=None)
    FunctionalGuest.objects.all().delete()
    values = {"mailbox": mailbox, "access": Access.READER, "starts_on": TODAY, "ends_on": None, "acting_user": admin}
    functional_guest_add(person=waiting.person, **values)
    assert jobs(mailbox).count() == 0
    reason = AccountTransition.Reason.ACTIVATION
    account_move(account=waiting, event=Event.ACTIVATE, reason=reason, acting_user=None)
    assert jobs(mailbox).count() == 1
    assert jobs(mailbox).get().lock == f"functional:{mailbox.pk}"


def test_a_mailbox_without_members_is_not_made(mailbox):
    assert functional_follow(mailbox_id=mailbox.pk) == []
    mailbox.refresh_from_db()
    assert mailbox.made_at is None


def test_rights_an_open_connection_had_end_with_imap_idle(mailbox, let_in, anne, admin):
    guest = let_in(anne)
    connection = imap_in(anne, mailbox)
    connection.send(b"a1 IDLE\r\n")
    assert connection.readline().startswith(b"+")
    functional_guest_remove(guest=guest, acting_user=admin)
    functional_follow(mailbox_id=mailbox.pk)
    assert all(not line.startswith(b"a1 OK") for line in iter(connection.readline, b""))
    with pytest.raises((imaplib.IMAP4.error, OSError)):
        connection.noop()


def test_a_mailbox_closed_for_long_loses_its_mail(mailbox, let_in, make_account, admin):
    let_in(make_account("Rémi", "Ancien"))
    deliver(mailbox)
    functional_close(mailbox=mailbox, on=TODAY - dt.timedelta(days=364), words="", acting_user=admin)
    assert not empty_due(today=TODAY).exists()
    assert empty_on(mailbox) == TODAY + dt.timedelta(days=1)
    due = empty_due(today=TODAY + dt.timedelta(days=1)).get()
    functional_empty(mailbox=due)
    proof = AuditEvent.objects.get(action="functional.empty").detail
    assert (proof["messages"], len(proof["digest"])) == (1, 64)
    assert mailbox_inventory(store_id=mailbox.store_id)[0]["folders"] == 0
    due.refresh_from_db()
    assert due.emptied_on
    assert not empty_due(today=TODAY + dt.timedelta(days=1)).exists()


def test_reopened_in_time_it_keeps_its_mail(mailbox, let_in, make_account, admin):
    let_in(make_account("Rémi", "Ancien"))
    deliver(mailbox)
    functional_close(mailbox=mailbox, on=TODAY - dt.timedelta(days=400), words="", acting_user=admin)
    functional_reopen(mailbox=mailbox, acting_user=admin)
    functional_empty_job(mailbox_id=mailbox.pk)
    assert mailbox_inventory(store_id=mailbox.store_id)[0]["messages"] == 1
