"""The journal: whatever is done to it behind the application's back is noticed, and where."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from ecritoire.common.audit import Checkpoint, audit_verify
from ecritoire.common.models import AuditEvent
from ecritoire.common.selectors import AuditFilters, audit_actions, audit_list
from ecritoire.common.services import audit_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def events():
    return [audit_record(acting_user=None, action=f"test.{n % 2}", target=f"cible{n}", reason="é") for n in range(4)]


def behind_the_back(*statements):
    """What the owner of the database could do, the triggers silenced."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE common_auditevent DISABLE TRIGGER USER")
        for statement, *values in statements:
            cursor.execute(statement, values)
        cursor.execute("ALTER TABLE common_auditevent ENABLE TRIGGER USER")


def broken_at(**known):
    """The number of the first entry that does not hold; None when the end is missing."""
    fault = audit_verify(**known).fault
    assert fault, "nothing was noticed"
    return fault.entry.pk if fault.entry else None


def test_it_works(events):
    found = audit_verify()
    assert (found.entries, found.fault) == (4, None)
    assert found.head == Checkpoint(events[3].pk, events[3].digest)


def test_an_empty_journal_holds():
    assert audit_verify().fault is None


def test_the_command_says_so(events):
    output = io.StringIO()
    call_command("audit_verify", stdout=output)
    assert output.getvalue() == "4 entries, the chain holds\n"


@pytest.mark.parametrize("column", ["actor", "action", "target", "digest"])
def test_an_altered_entry(events, column):
    query = f"UPDATE common_auditevent SET {column} = 'autre' WHERE id = %s"  # noqa: S608 - a column of the list above
    behind_the_back((query, events[1].pk))
    assert broken_at() == events[1].pk


def test_altered_details(events):
    behind_the_back(("UPDATE common_auditevent SET detail = '{}' WHERE id = %s", events[1].pk))
    assert broken_at() == events[1].pk


def test_a_deleted_entry(events):
    behind_the_back(("DELETE FROM common_auditevent WHERE id = %s", events[1].pk))
    assert broken_at() == events[2].pk


def test_an_entry_slipped_in(events):
    behind_the_back(
        ("UPDATE common_auditevent SET id = id + 10 WHERE id > %s", events[1].pk),
        (
            "INSERT INTO common_auditevent (id, at, actor, action, target, detail, digest) "
            "VALUES (%s, now(), 'system', 'test', 'x', '{}', 'faux')",
            events[1].pk + 1,
        ),
    )
    assert broken_at() == events[1].pk + 1


def test_two_entries_swapped(events):
    behind_the_back(
        ("UPDATE common_auditevent SET id = 0 WHERE id = %s", events[1].pk),
        ("UPDATE common_auditevent SET id = %s WHERE id = %s", events[1].pk, events[2].pk),
        ("UPDATE common_auditevent SET id = %s WHERE id = 0", events[2].pk),
    )
    assert broken_at() < events[2].pk


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_the_end_cut_off(events, kept):
    behind_the_back(("DELETE FROM common_auditevent WHERE id >= %s", events[kept].pk))
    assert broken_at() is None
    with pytest.raises(CommandError, match="cut off at its end"):
        call_command("audit_verify", stdout=io.StringIO())


def test_the_end_cut_off_and_the_head_moved_back_is_seen_by_the_checkpoint(events):
    last = events[3]
    behind_the_back(
        ("DELETE FROM common_auditevent WHERE id = %s", last.pk),
        ("UPDATE common_audithead SET entries = 3, last_id = %s, digest = %s", events[2].pk, events[2].digest),
    )
    assert audit_verify().fault is None
    assert audit_verify(checkpoint=Checkpoint(last.pk, last.digest)).fault is not None


def test_a_journal_rewritten_as_a_whole_is_seen_by_the_checkpoint(events):
    seen = Checkpoint(events[2].pk, events[2].digest)
    assert audit_verify(checkpoint=seen).fault is None
    behind_the_back(
        ("DELETE FROM common_auditevent",), ("UPDATE common_audithead SET entries = 0, last_id = 0, digest = ''",)
    )
    for n in range(4):
        audit_record(acting_user=None, action="test", target=f"autre{n}")
    with connection.cursor() as cursor:
        shift = AuditEvent.objects.earliest("id").pk - events[0].pk
        cursor.execute("ALTER TABLE common_auditevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE common_auditevent SET id = id - %s", [shift])
        cursor.execute("UPDATE common_audithead SET last_id = last_id - %s", [shift])
        cursor.execute("ALTER TABLE common_auditevent ENABLE TRIGGER USER")
    assert audit_verify().fault is None
    assert broken_at(checkpoint=seen) == events[2].pk


def test_only_what_follows_a_checkpoint(events, django_assert_num_queries):
    seen = Checkpoint(events[1].pk, events[1].digest)
    with django_assert_num_queries(3):
        found = audit_verify(checkpoint=seen, only_after=True)
    assert (found.entries, found.fault) == (2, None)
    behind_the_back(("UPDATE common_auditevent SET target = 'autre' WHERE id = %s", events[2].pk))
    assert broken_at(checkpoint=seen, only_after=True) == events[2].pk


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_the_end_cut_off_after_a_checkpoint(events, gone):
    seen = Checkpoint(events[1].pk, events[1].digest)
    behind_the_back(("DELETE FROM common_auditevent WHERE id >= %s", events[gone].pk))
    assert audit_verify(checkpoint=seen, only_after=True).fault


def test_nothing_new_after_a_checkpoint(events):
    seen = Checkpoint(events[3].pk, events[3].digest)
    assert audit_verify(checkpoint=seen, only_after=True).fault is None


def test_a_checkpoint_mistyped_is_refused():
    with pytest.raises(CommandError, match="ID:DIGEST"):
        call_command("audit_verify", checkpoint="n'importe quoi")


def test_the_journal_is_narrowed(events):
    today = timezone.localdate()
    count = lambda **asked: audit_list(AuditFilters(**asked), domain="").count()  # noqa: E731
    assert count(action="test.1") == 2
    assert count(about="cible1") == 1
    assert count(actor="sys") == 4
    assert count(actor="quelqu") == 0
    assert count(since=today, until=today) == 4
    assert count(until=today - dt.timedelta(days=1)) == 0
    assert audit_actions() == ["test.0", "test.1"]


def test_it_is_read_in_one_pass(events, django_assert_num_queries):
    with django_assert_num_queries(2):
        audit_verify()


def test_the_exported_journal_is_harmless_in_a_spreadsheet(sign_in, admin):
    audit_record(acting_user=None, action="test", target="=1+1", within=admin.login.rpartition("@")[2])
    answer = sign_in(admin).get("/compte/journal.csv?action=test")
    text = b"".join(answer.streaming_content).decode()
    assert "'=1+1" in text
    assert AuditEvent.objects.filter(action="audit.export", actor=admin.login).exists()
