"""What support and administrators do to accounts: allowed, audited, chained."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from conftest import PASSWORD
from ecritoire.accounts.models import Account
from ecritoire.accounts.services import LetterKind, letters_make
from ecritoire.accounts.services.letters import LettersRefused
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.common.services import audit_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def nina(make_account):
    return make_account("Nina", "Nouvelle", state=Account.State.PROVISIONED, activated_at=None)


@pytest.fixture
def support(make_account):
    return make_account("Sam", "Support", Role.SUPPORT)


def pdf_text(content, tmp_path):
    import subprocess

    path = tmp_path / "lettres.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


def test_it_works(sign_in, support, anne):
    browser = sign_in(support)
    browser.post(f"/compte/gestion/{anne.pk}/suspend/", {"reason": "signalement"})
    anne.refresh_from_db()
    assert anne.state == Account.State.SUSPENDED
    browser.post(f"/compte/gestion/{anne.pk}/resume/")
    anne.refresh_from_db()
    assert anne.is_activated
    acts = list(
        AuditEvent.objects.filter(actor=support.login, action__startswith="account.").values_list("action", flat=True)
    )
    assert acts == ["account.suspend", "account.resume"]


@pytest.mark.parametrize("act", ["suspend", "resume", "sign-out", "revoke", "unlock"])
def test_an_agent_may_not(sign_in, anne, boris, act):
    assert sign_in(boris).post(f"/compte/gestion/{anne.pk}/{act}/").status_code == 403


def test_suspending_ends_the_sessions(sign_in, support, anne):
    sign_in(anne)
    sign_in(support).post(f"/compte/gestion/{anne.pk}/suspend/", {"reason": "signalement"})
    assert not anne.sessions.exists()


def test_unlocking_lets_the_person_in_again(browser, sign_in, support, anne):
    for _ in range(6):
        browser.post("/compte/connexion/", {"login": anne.login, "password": "faux"})
    sign_in(support).post(f"/compte/gestion/{anne.pk}/unlock/")
    browser.post("/compte/deconnexion/")
    assert browser.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD}).status_code == 302


def test_two_letters_two_halves(nina, admin, tmp_path):
    school = pdf_text(letters_make(accounts=[nina], kind=LetterKind.IDENTIFIERS, acting_user=admin), tmp_path)
    person = pdf_text(letters_make(accounts=[nina], kind=LetterKind.PASSWORDS, acting_user=admin), tmp_path)
    nina.refresh_from_db()
    secret = next(word for word in person.split() if word.count("-") == 3)
    assert nina.login in school
    assert nina.login not in person
    assert secret not in school
    assert nina.check_password(secret)
    assert nina.temporary_password_expires_at is not None


def test_a_new_letter_replaces_the_one_before(nina, admin, tmp_path):
    words = [
        next(
            word
            for word in pdf_text(
                letters_make(accounts=[nina], kind=LetterKind.PASSWORDS, acting_user=admin), tmp_path
            ).split()
            if word.count("-") == 3
        )
        for _ in range(2)
    ]
    nina.refresh_from_db()
    assert [nina.check_password(word) for word in words] == [False, True]


def test_no_letter_for_an_active_account(anne, admin):
    with pytest.raises(LettersRefused):
        letters_make(accounts=[anne], kind=LetterKind.PASSWORDS, acting_user=admin)


def test_names_of_every_alphabet_are_printed(make_account, admin, tmp_path):
    account = make_account("Łukasz", "Œuvrard", state=Account.State.PROVISIONED)
    assert "Łukasz Œuvrard" in pdf_text(
        letters_make(accounts=[account], kind=LetterKind.IDENTIFIERS, acting_user=admin), tmp_path
    )


def test_the_letters_page_hands_over_a_pdf_and_keeps_none(sign_in, support, nina):
    answer = sign_in(support).post("/compte/lettres/edition/", {"account": nina.pk, "kind": "passwords"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"


def test_an_agent_prints_no_letters(sign_in, anne, nina):
    assert sign_in(anne).post("/compte/lettres/edition/", {"account": nina.pk, "kind": "passwords"}).status_code == 403


def test_a_reset_ends_everything_and_forces_a_new_password(sign_in, support, anne, browser):
    from ecritoire.accounts.services import app_password_create

    app_password_create(account=anne, name="Téléphone")
    data = {"kind": "staff_card", "seen_by": "Sam Support", "channel": "letter"}
    sign_in(support).post(f"/compte/lettres/{anne.pk}/reinitialisation/", data)
    anne.refresh_from_db()
    assert anne.must_change_password
    assert not anne.check_password(PASSWORD)
    assert not anne.app_passwords.filter(revoked_at__isnull=True).exists()


def test_roles_are_granted_by_administrators_only(sign_in, support, admin, anne):
    url = f"/compte/gestion/{anne.pk}/role/ajout/"
    assert sign_in(support).post(url, {"role": "support"}).status_code == 403
    sign_in(admin).post(url, {"role": "support"})
    assert Role.SUPPORT in Account.objects.get(pk=anne.pk).roles


def test_the_audit_log_only_grows(admin):
    audit_record(acting_user=admin, action="test", target="x")
    for query in ("UPDATE common_auditevent SET target = 'y'", "DELETE FROM common_auditevent"):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(query)


def test_tampering_breaks_the_chain(admin):
    events = [audit_record(acting_user=admin, action="test", target=str(n)) for n in range(3)]
    call_command("audit_verify", stdout=io.StringIO())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE common_auditevent DISABLE TRIGGER audit_append_only")
        cursor.execute("UPDATE common_auditevent SET target = 'autre' WHERE id = %s", [events[1].pk])
        cursor.execute("ALTER TABLE common_auditevent ENABLE TRIGGER audit_append_only")
    with pytest.raises(CommandError, match=f"entry {events[1].pk}"):
        call_command("audit_verify", stdout=io.StringIO())


def test_the_journal_is_for_those_who_watch(sign_in, admin, anne):
    assert sign_in(admin).get("/compte/journal/?verify=1").status_code == 200
    assert sign_in(anne).get("/compte/journal/").status_code == 403
