"""An archive made from the real store: what goes in comes out, whatever happens meanwhile."""

from __future__ import annotations

import datetime as dt
import email
import imaplib
import json
import mailbox
import zipfile
from typing import Any

import icalendar
import pytest
from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.accounts.services import access_revoke
from ecritoire.common.models import AuditEvent
from ecritoire.mailstore.dav import DavClient
from ecritoire.mailstore.export import building, writing
from ecritoire.mailstore.export.reader import folders_list
from ecritoire.mailstore.export.services import (
    AlreadyUnderWay,
    Choice,
    NoRoom,
    export_ask,
    export_cancel,
    export_run,
    exports_make,
    exports_tend,
)
from ecritoire.mailstore.export.workshop import Workshop, turn
from ecritoire.mailstore.jmap import StoreUnavailable
from ecritoire.mailstore.models import Export
from ecritoire.mailstore.services import mailbox_create, store_connect
from ecritoire.mailstore.services_rules import rule_write

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 2, 8, 30, tzinfo=dt.UTC)


def letter(number: int, subject: str = "Conseil de classe") -> bytes:
    text = f"From: Zoé <z@ailleurs.test>\r\nSubject: {subject} {number}\r\nMessage-ID: <{number}@t>\r\n\r\nFrom ici\r\nNuméro {number}\r\n"
    return text.encode()


@pytest.fixture
def folder(tmp_path: Any, settings: Any) -> Any:
    settings.EXPORTS_DIR = tmp_path
    return tmp_path


@pytest.fixture
def owner(newcomer: Account, folder: Any) -> Account:
    """Three messages, flags, a folder with an accent inside another, contacts, a calendar, a filter."""
    mailbox_create(account=newcomer)
    with store_connect(account=newcomer) as connection:
        connection.append("INBOX", "(\\Seen \\Flagged $label1)", AT, letter(1))
        connection.append("INBOX", None, AT + dt.timedelta(days=40), letter(2, "=?utf-8?q?=C3=89t=C3=A9?="))
        connection.create('"Projets"')
        connection.create('"Projets/&AMk-t&AOk-"')
        connection.append('"Projets/&AMk-t&AOk-"', "(\\Answered)", AT, letter(3))
    return newcomer


def contacts_make(account: Account) -> None:
    with DavClient(account=account) as client:
        for number in (1, 2):
            card = (
                f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c{number}\r\nFN:Zoé {number}\r\nN:{number};Zoé;;;\r\nEND:VCARD\r\n"
            )
            path = f"/dav/addressbooks/user/{account.store_id}/Default/c{number}.vcf"
            client.request("PUT", path, card.encode(), {"Content-Type": "text/vcard"}).read()
            event = (
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//\r\nBEGIN:VEVENT\r\n"
                f"UID:e{number}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:2026010{number}T100000Z\r\nDTEND:2026010{number}T110000Z\r\n"
                f"SUMMARY:Réunion {number}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            )
            path = f"/dav/calendars/user/{account.store_id}/Default/e{number}.ics"
            client.request("PUT", path, event.encode(), {"Content-Type": "text/calendar"}).read()


def made(account: Account, **choice: Any) -> Export:
    export = export_ask(account=account, choice=Choice(**choice), acting_user=account)
    export_run(export_id=export.pk)
    export.refresh_from_db()
    return export


def opened(export: Export) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(Workshop(export.key).archive)
    assert archive.testzip() is None
    return archive


def as_mbox(archive: zipfile.ZipFile, name: str, tmp_path: Any) -> list[mailbox.mboxMessage]:
    path = tmp_path / "read.mbox"
    path.write_bytes(archive.read(name))
    return list(mailbox.mbox(str(path)))


def test_it_works(owner, tmp_path):
    contacts_make(owner)
    rule_write(account=owner, name="Été", text='require ["fileinto"];\nfileinto "Projets";\n')
    export = made(owner)
    assert (export.state, export.done, export.total) == (Export.State.READY, 3, 3)
    archive = opened(export)
    inbox = as_mbox(archive, "courrier/Boîte de réception.mbox", tmp_path)
    assert [message["Message-ID"] for message in inbox] == ["<1@t>", "<2@t>"]
    assert set(inbox[0].get_flags()) == {"R", "O", "F"}
    assert "Mon Mar  2 08:30:00 2026" in inbox[0].get_from()
    assert set(as_mbox(archive, "courrier/Projets/Été.mbox", tmp_path)[0].get_flags()) == {"O", "A"}
    index = json.loads(archive.read("courrier/Boîte de réception.json"))
    assert set(index[0]["flags"]) == {"\\Flagged", "\\Seen", "$label1"}
    cards = archive.read("contacts/Personnel.vcf").decode()
    assert cards.count("BEGIN:VCARD") == 2
    assert "FN:Zoé 1" in cards
    calendar = icalendar.Calendar.from_ical(archive.read("agendas/Personnel.ics"))
    assert {str(event["SUMMARY"]) for event in calendar.walk("VEVENT")} == {"Réunion 1", "Réunion 2"}
    assert b'fileinto "Projets"' in archive.read("filtres/Été (actif).sieve")
    readme = archive.read("LISEZMOI.txt").decode("utf-8-sig")
    assert "3 messages" in readme
    assert "1 carnet d'adresses" in readme


def test_eml_files_are_the_messages_byte_for_byte(owner):
    archive = opened(made(owner, parts=["mail"], mail_format="eml"))
    names = [name for name in archive.namelist() if name.startswith("courrier/Boîte") and name.endswith(".eml")]
    assert [name.rpartition("/")[2] for name in names] == [
        "2026-03-02 000001 Conseil de classe 1.eml",
        "2026-04-11 000002 Été 2.eml",
    ]
    with store_connect(account=owner) as connection:
        connection.select("INBOX", readonly=True)
        fetched = [connection.uid("FETCH", str(uid), "(BODY.PEEK[])")[1][0][1] for uid in (1, 2)]
    assert [archive.read(name) for name in names] == fetched
    assert email.message_from_bytes(fetched[0])["Message-ID"] == "<1@t>"
    index = json.loads(archive.read("courrier/Boîte de réception/index.json"))
    assert index[0]["file"] == "2026-03-02 000001 Conseil de classe 1.eml"
    assert index[0]["received"].startswith("2026-03-02T")


def test_a_period_and_a_folder_only(owner):
    inbox = next(row for row in folders_list(account=owner) if row.path == "INBOX")
    archive = opened(made(owner, parts=["mail"], mail_format="eml", folders=[inbox.pk], since=dt.date(2026, 4, 1)))
    eml = [name for name in archive.namelist() if name.endswith(".eml")]
    assert len(eml) == 1
    assert "000002" in eml[0]
    assert not [name for name in archive.namelist() if "Projets" in name]


def test_what_others_share_is_not_taken(owner, make_account):
    assert {row.path for row in folders_list(account=owner)} >= {"INBOX", "Sent", "Projets/Été"}
    assert not [row for row in folders_list(account=owner) if row.path.startswith("Other Users")]


def test_a_crash_resumes_at_the_last_whole_folder(owner, monkeypatch):
    export = export_ask(account=owner, choice=Choice(parts=["mail"]), acting_user=owner)
    whole, asked = writing.folder_as_mbox, []

    def dies_in_the_third(*args: Any, **kwargs: Any) -> int:
        asked.append(args[2])
        if len(asked) == 3:
            raise imaplib.IMAP4.abort("cut")
        return whole(*args, **kwargs)

    monkeypatch.setattr(building, "folder_as_mbox", dies_in_the_third)
    with pytest.raises(StoreUnavailable):
        export_run(export_id=export.pk)
    export.refresh_from_db()
    assert export.state == Export.State.RUNNING
    assert not Workshop(export.key).archive.exists(), "half an archive has no name"
    export_run(export_id=export.pk)
    export.refresh_from_db()
    assert export.state == Export.State.READY
    assert len(asked) == len(set(asked)) + 1, "the whole folders are not written again"
    archive = opened(export)
    assert len(archive.namelist()) == len(set(archive.namelist()))
    assert {"courrier/Boîte de réception.mbox", "courrier/Projets/Été.mbox"} <= set(archive.namelist())


def test_two_workers_do_not_write_the_same_archive(owner):
    export = export_ask(account=owner, choice=Choice(parts=["mail"]), acting_user=owner)
    with Workshop(export.key).open_alone() as alone:
        assert alone
        export_run(export_id=export.pk)
    export.refresh_from_db()
    assert export.state == Export.State.WAITING


def test_one_at_a_time_and_the_former_one_goes(owner, django_capture_on_commit_callbacks):
    first = export_ask(account=owner, choice=Choice(parts=["rules"]), acting_user=owner)
    with pytest.raises(AlreadyUnderWay):
        export_ask(account=owner, choice=Choice(), acting_user=owner)
    export_run(export_id=first.pk)
    with django_capture_on_commit_callbacks(execute=True):
        export_ask(account=owner, choice=Choice(parts=["rules"]), acting_user=owner)
    first.refresh_from_db()
    assert first.state == Export.State.EXPIRED
    assert not Workshop(first.key).folder.exists()


def test_no_room(owner, settings):
    exports = settings.CONFIG.exports.model_copy(update={"budget_megabytes": 1})
    settings.CONFIG = settings.CONFIG.model_copy(update={"exports": exports})
    with pytest.raises(NoRoom):
        export_ask(account=owner, choice=Choice(), acting_user=owner)
    assert not Export.objects.exists()


def test_a_full_disk_ends_it_with_a_reason_and_leaves_nothing(owner, monkeypatch):
    def full(*args: Any, **kwargs: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(building, "folder_as_mbox", full)
    export = made(owner)
    assert (export.state, export.fault) == (Export.State.FAILED, Export.Fault.SPACE)
    assert not Workshop(export.key).folder.exists()


def test_cancelled_while_it_is_made(owner, monkeypatch):
    export = export_ask(account=owner, choice=Choice(parts=["mail"]), acting_user=owner)
    whole = writing.folder_as_mbox

    def cancelled(*args: Any, **kwargs: Any) -> int:
        export_cancel(export=export, acting_user=owner)
        return whole(*args, **kwargs)

    monkeypatch.setattr(building, "folder_as_mbox", cancelled)
    export_run(export_id=export.pk)
    export.refresh_from_db()
    assert export.state == Export.State.CANCELLED
    assert not Workshop(export.key).folder.exists()


def test_revoked_accesses_take_the_archive_back(owner, django_capture_on_commit_callbacks):
    export = made(owner)
    with django_capture_on_commit_callbacks(execute=True):
        access_revoke(account=owner, acting_user=owner, reason="intrusion")
    export.refresh_from_db()
    assert export.state == Export.State.CANCELLED
    assert not Workshop(export.key).folder.exists()
    assert AuditEvent.objects.filter(action="export.withdraw", target=owner.login).exists()


def test_it_expires(owner, django_capture_on_commit_callbacks):
    export = made(owner)
    assert export.expires_at
    assert exports_tend(now=export.expires_at - dt.timedelta(minutes=1)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert exports_tend(now=export.expires_at) == 1
    export.refresh_from_db()
    assert export.state == Export.State.EXPIRED
    assert not Workshop(export.key).folder.exists()


@pytest.fixture
def deferred(monkeypatch: Any) -> list[int]:
    """How often the job was deferred."""
    times = list[int]()
    monkeypatch.setattr("ecritoire.mailstore.export.tasks.exports_make_job.defer", lambda: times.append(1))
    return times


def test_what_fell_silent_is_taken_up_again(owner, deferred):
    export = export_ask(account=owner, choice=Choice(parts=["rules"]), acting_user=owner)
    Export.objects.update(state=Export.State.RUNNING, beat_at=timezone.now())
    deferred.clear()
    exports_tend()
    assert deferred == [], "it has just been heard of"
    later = timezone.now() + dt.timedelta(minutes=2)
    with Workshop(export.key).open_alone():
        exports_tend(now=later)
    assert deferred == [], "slow, not dead: it still holds its lock"
    exports_tend(now=later)
    assert deferred == [1]
    export.refresh_from_db()
    assert export.state == Export.State.WAITING


def test_one_that_never_ends_fails(owner):
    export = export_ask(account=owner, choice=Choice(parts=["rules"]), acting_user=owner)
    exports_tend(now=export.created_at + dt.timedelta(hours=25))
    export.refresh_from_db()
    assert (export.state, export.fault) == (Export.State.FAILED, Export.Fault.STORE)


def test_the_oldest_comes_first_and_a_store_that_is_away_holds_up_nobody(owner, make_account, monkeypatch):
    first = export_ask(account=owner, choice=Choice(parts=["rules"]), acting_user=owner)
    other = make_account("Boris", "Lenoir")
    second = Export.objects.create(account=other, parts=["rules"])
    made_of = list[str]()

    def write(writer: Any, account: Account) -> int:
        made_of.append(account.login)
        if account == owner:
            raise StoreUnavailable("503")
        return 0

    monkeypatch.setattr(building, "rules_write", write)
    exports_make()
    assert made_of == [owner.login, other.login]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (Export.State.WAITING, Export.State.READY)
    exports_make()
    assert len(made_of) == 2, "not before its pause is over"
    Export.objects.filter(pk=first.pk).update(not_before=timezone.now())
    exports_make()
    assert len(made_of) == 3


def test_one_process_at_a_time_makes_archives(owner):
    export_ask(account=owner, choice=Choice(parts=["rules"]), acting_user=owner)
    with turn() as ours:
        assert ours
        exports_make()
    assert Export.objects.get().state == Export.State.WAITING


def test_strays_are_cleared_but_not_what_is_being_made(owner, folder):
    export = made(owner)
    (folder / "stray").mkdir()
    (folder / "stray" / "archive.part").write_bytes(b"x")
    exports_tend()
    assert not (folder / "stray").exists()
    assert Workshop(export.key).archive.exists()


def test_a_closed_account_s_mail_can_still_be_exported_by_the_dsi(owner, admin):
    Account.objects.filter(pk=owner.pk).update(state=Account.State.DEACTIVATED)
    export = export_ask(account=owner, choice=Choice(), acting_user=admin, purpose="death", reason="Courrier du 3 mars")
    export_run(export_id=export.pk)
    export.refresh_from_db()
    assert export.state == Export.State.READY
    event = AuditEvent.objects.get(action="export.ask")
    assert (event.actor, event.target, event.detail["reason"]) == (admin.login, owner.login, "Courrier du 3 mars")
