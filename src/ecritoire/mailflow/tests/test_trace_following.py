"""Each line of the log once, whatever happens to the file, the reader, or the cut between two readings."""

import datetime as dt
import shutil

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecritoire.directory.models import MailDomain
from ecritoire.directory.services import organisation_ensure
from ecritoire.mailflow.models import MailInTransit, MailLogBookmark, MailTrace
from ecritoire.mailflow.tests import trace_log as log
from ecritoire.mailflow.trace import following, recording
from ecritoire.mailflow.trace.following import log_follow
from ecritoire.mailflow.trace.services import traces_purge

pytestmark = pytest.mark.django_db
JULIEN, SOPHIE = "julien.moreau@ac-valmont.test", "sophie.lemaire@ac-valmont.test"
CLAIRE = "claire.martin@partenaire.test"
IDS = [f"4jd7HS3f5Yzs{rank:03d}" for rank in range(100)]


@pytest.fixture(autouse=True)
def valmont(db):
    return organisation_ensure()


@pytest.fixture
def write(tmp_path):
    def add(*lines, name="mail.log", text="", **when):
        with (tmp_path / name).open("a") as file:
            file.write(text or log.stamped(*lines, **when))

    return add


@pytest.fixture
def follow(tmp_path):
    return lambda **values: log_follow(folder=tmp_path, **values)


def received(queue_id=IDS[0], recipient=JULIEN, sender=CLAIRE):
    return [*log.opened(queue_id, sender), log.sent_in(queue_id, recipient), log.removed(queue_id)]


def seen():
    return sorted(MailTrace.objects.values_list("sender", "recipient", "direction", "status", "dsn"))


def test_it_works(write, follow, valmont):
    write(*received())
    follow()
    row = MailTrace.objects.get()
    assert seen() == [(CLAIRE, JULIEN, "in", "sent", "2.1.5")]
    assert (row.message_id, row.size, row.client, row.party) == (
        f"{IDS[0]}@x.test",
        233,
        "192.0.2.7",
        "partenaire.test",
    )
    assert (row.recipient_organisation, row.sender_organisation) == (valmont, None)
    assert [step["status"] for step in row.steps] == ["sent"]
    assert not MailInTransit.objects.exists()


def test_nothing_new_is_read_twice(write, follow, django_assert_max_num_queries):
    write(*received())
    assert follow() > 0
    with django_assert_max_num_queries(4):  # a savepoint and its end, the lock, the bookmark
        assert follow() == 0
    assert MailTrace.objects.count() == 1


def test_what_leaves_what_stays_and_what_comes_back(write, follow):
    write(*log.submitted(IDS[0], JULIEN), log.sent_out(IDS[0], CLAIRE), log.removed(IDS[0]))
    write(*log.submitted(IDS[1], JULIEN), log.sent_in(IDS[1], SOPHIE), log.removed(IDS[1]))
    write(*log.submitted(IDS[2], JULIEN), log.bounced(IDS[2], "inconnu@partenaire.test"))
    write(f"{log.HOST}/bounce[1]: {IDS[2]}: sender non-delivery notification: {IDS[3]}", log.removed(IDS[2]))
    write(*log.opened(IDS[3], "")[2:], log.sent_in(IDS[3], JULIEN), log.removed(IDS[3]))
    follow()
    assert seen() == [
        ("", JULIEN, "in", "sent", "2.1.5"),
        (JULIEN, CLAIRE, "out", "sent", "2.0.0"),
        (JULIEN, "inconnu@partenaire.test", "out", "bounced", "5.1.1"),
        (JULIEN, SOPHIE, "internal", "sent", "2.1.5"),
    ]
    told = MailTrace.objects.get(status="bounced")
    assert [step["status"] for step in told.steps] == ["bounced", "told"]
    assert (told.is_submitted, told.client) == (True, "")


def test_refused_at_the_door_and_by_the_filter(write, follow):
    write(log.refused(CLAIRE, "personne@ac-valmont.test"), log.refused(CLAIRE, "x@ailleurs.test", "554 5.7.1 Relay"))
    write(log.refused(CLAIRE, JULIEN, "450 4.7.1 Try again later"))
    write(*log.opened(IDS[0], CLAIRE)[:3], log.filtered(IDS[0], CLAIRE, JULIEN))
    follow()
    assert seen() == [
        (CLAIRE, JULIEN, "in", "postponed", "4.7.1"),
        (CLAIRE, JULIEN, "in", "rejected", "5.7.1"),
        (CLAIRE, "personne@ac-valmont.test", "in", "rejected", "5.1.1"),
    ]
    assert not MailInTransit.objects.exists()


def test_a_message_that_waits_then_leaves(write, follow):
    """Over many readings; of many tries the first is kept, and the last ones."""
    write(*log.submitted(IDS[0], JULIEN))
    for _ in range(30):
        write(log.deferred(IDS[0], CLAIRE))
        follow()
    assert seen() == [(JULIEN, CLAIRE, "out", "deferred", "4.4.1")]
    write(log.sent_out(IDS[0], CLAIRE), log.removed(IDS[0]))
    follow()
    assert seen() == [(JULIEN, CLAIRE, "out", "sent", "2.0.0")]
    assert len(MailTrace.objects.get().steps) == recording.STEPS_KEPT


def test_given_up(write, follow):
    write(*log.submitted(IDS[0], JULIEN), log.deferred(IDS[0], CLAIRE), log.sent_in(IDS[0], SOPHIE))
    write(f"{log.HOST}/qmgr[1]: {IDS[0]}: from=<{JULIEN}>, status=expired, returned to sender", log.removed(IDS[0]))
    follow()
    assert {row[1]: row[3] for row in seen()} == {CLAIRE: "bounced", SOPHIE: "sent"}


def test_our_addresses_without_their_plus_part(write, follow, valmont):
    MailDomain.objects.create(organisation=valmont, domain="ancien.test")
    write(*received(recipient="Julien.Moreau+Club@ac-valmont.test", sender="A+b@Partenaire.test"))
    write(*received(IDS[1], "julien.moreau@ancien.test"))
    follow()
    first = MailTrace.objects.order_by("pk")[0]
    assert (first.recipient, first.written_to) == (JULIEN, "Julien.Moreau+Club@ac-valmont.test")
    assert first.sender == "a+b@partenaire.test"
    assert MailTrace.objects.filter(recipient_organisation=valmont).count() == 2


def test_each_academie_its_own(write, follow, valmont, rivemont):
    write(*received(sender="paul@ac-rivemont.test"))
    follow()
    row = MailTrace.objects.get()
    assert (row.sender_organisation, row.recipient_organisation, row.direction) == (rivemont, valmont, "internal")


def test_nothing_of_strangers_to_strangers(write, follow):
    write(*log.opened(IDS[0], CLAIRE), log.sent_out(IDS[0], "x@ailleurs.test"), log.removed(IDS[0]))
    follow()
    assert not MailTrace.objects.exists()


def test_rotation(write, follow, tmp_path):
    """What is written to the old file after it was renamed, and to the new one meanwhile."""
    write(*log.opened(IDS[0], CLAIRE))
    follow()
    (tmp_path / "mail.log").rename(tmp_path / "mail.log.20261130-000000")
    write(*received(IDS[1], SOPHIE), at="Nov 30 02:30:00")
    follow()
    write(log.sent_in(IDS[0], JULIEN), log.removed(IDS[0]), name="mail.log.20261130-000000")
    follow()
    follow()
    assert [row[1] for row in seen()] == [JULIEN, SOPHIE]


def test_copied_and_emptied(write, follow, tmp_path):
    """As logrotate's ``copytruncate`` does."""
    write(*received())
    follow()
    shutil.copy(tmp_path / "mail.log", tmp_path / "mail.log.1")
    (tmp_path / "mail.log").write_text("")
    follow()
    write(*received(IDS[1], SOPHIE), at="Nov 30 02:30:00")
    follow()
    assert [row[1] for row in seen()] == [JULIEN, SOPHIE]


def test_compressed_files_are_left(write, follow):
    write(*received(), name="mail.log.20261130-000000.gz")
    assert follow() == 0


def test_a_reader_that_dies_has_read_nothing(write, follow, monkeypatch):
    write(*received(), *received(IDS[1], SOPHIE))
    real = MailLogBookmark.save

    def die(self, **values):
        real(self, **values)
        raise KeyboardInterrupt

    monkeypatch.setattr(MailLogBookmark, "save", die)
    with pytest.raises(KeyboardInterrupt):
        follow()
    monkeypatch.undo()
    assert (MailTrace.objects.count(), MailLogBookmark.objects.count()) == (0, 0)
    follow()
    assert MailTrace.objects.count() == 2


def test_a_line_being_written_is_for_the_next_time(write, follow):
    whole = log.stamped(*received())
    write(text=whole[:-10])
    follow()
    write(text=whole[-10:])
    follow()
    assert seen() == [(CLAIRE, JULIEN, "in", "sent", "2.1.5")]


def test_what_is_no_line_does_not_stop_it(write, follow, monkeypatch):
    monkeypatch.setattr(following, "CHUNK_BYTES", 512)
    write(text="Nov 30 02:28:36 first\n" + "x" * 5_000 + "\0\udc80\n".encode("utf-8", "replace").decode())
    write(*received())
    follow(chunks=1_000)
    assert MailTrace.objects.count() == 1


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 4_000), max_size=8))
def test_any_cut_gives_the_same(tmp_path_factory, cuts):
    """The rows do not depend on where one reading ends and the next begins."""
    folder = tmp_path_factory.mktemp("log")
    MailTrace.objects.all().delete()
    MailInTransit.objects.all().delete()
    MailLogBookmark.objects.all().delete()
    text = log.stamped(
        *log.submitted(IDS[0], JULIEN),
        log.deferred(IDS[0], CLAIRE),
        *received(IDS[1], SOPHIE),
        log.refused(CLAIRE, "personne@ac-valmont.test"),
        log.sent_out(IDS[0], CLAIRE),
        log.removed(IDS[0]),
        *log.opened(IDS[2], CLAIRE)[:3],
        log.filtered(IDS[2], CLAIRE, JULIEN),
    )
    for cut in [*sorted(cuts), len(text)]:
        (folder / "mail.log").write_text(text[:cut])
        log_follow(folder=folder)
    assert seen() == [
        (CLAIRE, JULIEN, "in", "rejected", "5.7.1"),
        (CLAIRE, "personne@ac-valmont.test", "in", "rejected", "5.1.1"),
        (CLAIRE, SOPHIE, "in", "sent", "2.1.5"),
        (JULIEN, CLAIRE, "out", "sent", "2.0.0"),
    ]
    assert len(MailTrace.objects.get(sender=JULIEN).steps) == 2
    assert not MailInTransit.objects.exists()


def test_a_batch_costs_as_many_queries_whatever_it_holds(write, follow, django_assert_max_num_queries):
    for queue_id in IDS[:50]:
        write(*received(queue_id))
    follow()
    for queue_id in IDS[50:]:
        write(*log.submitted(queue_id, JULIEN), log.deferred(queue_id, CLAIRE))
    with django_assert_max_num_queries(16):
        follow()
    assert MailTrace.objects.count() == 100


def test_only_one_reads_at_a_time(write, follow):
    """Somebody else holds the lock: nothing is read, nothing is lost."""
    write(*received())
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [following.LOCK])
            assert follow() == 0
            cursor.execute("SELECT pg_advisory_unlock(%s)", [following.LOCK])
    finally:
        other.close()
    assert follow() > 0


def test_unreadable(write, follow, tmp_path, monkeypatch, caplog):
    def refuse(*_args, **_values):
        raise PermissionError(13, "Permission denied")

    write(*received())
    monkeypatch.setattr(type(tmp_path), "open", refuse)
    assert follow() == 0
    assert "the mail log cannot be read" in caplog.text


def test_the_application_s_own_logs_name_nobody(write, follow, caplog):
    with caplog.at_level("DEBUG"):
        write(*received())
        follow()
    assert "julien" not in caplog.text


def test_purge(write, follow, settings):
    settings.TRACE_DAYS = 30
    write(*received(), *received(IDS[1], SOPHIE), *log.submitted(IDS[2], JULIEN))
    follow()
    now = timezone.now()
    MailTrace.objects.update(last_at=now - dt.timedelta(days=29))
    MailTrace.objects.filter(recipient=SOPHIE).update(last_at=now - dt.timedelta(days=31))
    MailInTransit.objects.update(at=now - dt.timedelta(days=16))
    assert traces_purge() == 1
    assert [row[1] for row in seen()] == [JULIEN]
    assert not MailInTransit.objects.exists()
    assert MailLogBookmark.objects.exists()
