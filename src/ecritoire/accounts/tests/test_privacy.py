"""Personal data rights: the archive, the requests, the register and its month, erasure and what holds it back."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from conftest import PASSWORD
from ecritoire.accounts.models import (
    Account,
    LegalHold,
    PrivacyRequest,
    RecoveryAddress,
    SecretQuestion,
    SignInEvent,
)
from ecritoire.accounts.models.privacy import months_after
from ecritoire.accounts.selectors.privacy import due_soon, privacy_officers
from ecritoire.accounts.services.privacy import (
    AlreadyDecided,
    ErasureHeld,
    personal_data_archive,
    personal_data_erase,
    privacy_ask,
    privacy_decide,
    privacy_extend,
)
from ecritoire.accounts.tasks import privacy as tasks
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.directory.models import Organisation

pytestmark = pytest.mark.django_db
Kind, State = PrivacyRequest.Kind, PrivacyRequest.State
CONFIRM = "/compte/double-authentification/confirmation/"
MINE, REGISTER = "/compte/donnees/", "/compte/donnees/registre/"


def confirm(browser: Any) -> None:
    browser.post(CONFIRM, {"current_password": PASSWORD, "next": "/"})


def asked(account: Account, kind: str = Kind.ERASURE, **values: Any) -> PrivacyRequest:
    return privacy_ask(account=account, kind=kind, text="Effacez ce que vous pouvez.", acting_user=account, **values)


def told(account: Account) -> tuple[dict[str, Any], str]:
    target = io.BytesIO()
    personal_data_archive(account=account, target=target, acting_user=None)
    with zipfile.ZipFile(target) as archive:
        return json.loads(archive.read("donnees.json"))["parts"], archive.read("donnees.html").decode()


def test_it_works(sign_in, anne):
    browser = sign_in(anne)
    assert "Durand" in browser.get(MINE).content.decode()
    assert browser.get(f"{MINE}archive.zip").url.startswith(CONFIRM)
    confirm(browser)
    answer = browser.get(f"{MINE}archive.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        content = json.loads(archive.read("donnees.json"))
    assert content["person"] == "Anne Durand"
    assert content["parts"]["accounts.signinevent"]["rows"][0]["address"] == "192.0.2.10"
    assert AuditEvent.objects.get(action="privacy.access").target == anne.login


def test_the_archive_holds_everything_but_secrets(anne, admin):
    asked(anne)
    parts, html = told(anne)
    assert parts["directory.person"]["rows"][0]["family_name"] == "Durand"
    assert parts["accounts.recoveryaddress"]["rows"][0]["address"] == "a•••@ailleurs.test"
    assert len(parts["accounts.secretquestion"]["rows"]) == 2
    assert parts["accounts.privacyrequest"]["rows"][0]["text"] == "Effacez ce que vous pouvez."
    everything = json.dumps(parts) + html
    for secret in (anne.password, "argon2", *SecretQuestion.objects.values_list("answer_hash", flat=True)):
        assert secret not in everything
    assert "anne@ailleurs.test" not in everything


def test_nobody_else_s_data_is_in_it(anne, boris):
    asked(boris)
    parts, html = told(anne)
    assert boris.login not in json.dumps(parts) + html


def test_the_journal_s_part_names_no_agent(anne, admin):
    row = asked(anne)
    privacy_decide(request=row, state=State.REFUSED, answer="Non.", ground="mission", acting_user=admin)
    parts, _html = told(anne)
    events = {row["action"]: row["by"] for row in parts["common.auditevent"]["rows"]}
    assert (events["privacy.ask"], events["privacy.decide"]) == ("vous", "un agent de l'académie")
    assert admin.login not in json.dumps(parts)


def test_on_a_shared_computer_it_is_refused(browser, anne):
    browser.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD, "public_computer": "on"})
    confirm(browser)
    assert browser.get(f"{MINE}archive.zip").url == MINE


def test_a_request_enters_the_register_with_its_month(sign_in, anne):
    browser = sign_in(anne)
    browser.post(MINE, {"kind": "rectification", "text": "Mon nom s'écrit Durant."})
    row = PrivacyRequest.objects.get()
    assert row.due_on == months_after(timezone.localdate(), 1)
    assert "Durant" in browser.get(MINE).content.decode()
    tasks.send_received(request_id=row.pk)
    assert mail.outbox[-1].to == [anne.login]
    assert "ce champ" in browser.post(MINE, {"kind": "erasure", "text": ""}).content.decode().lower()


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2027, 12, 15), 1, dt.date(2028, 1, 15)),
        (dt.date(2027, 12, 31), 2, dt.date(2028, 2, 29)),
    ],
)
def test_a_month_is_a_calendar_month(day, months, due):
    assert months_after(day, months) == due


def test_five_open_requests_are_enough(sign_in, anne):
    browser = sign_in(anne)
    for _rank in range(6):
        browser.post(MINE, {"kind": "erasure", "text": "Encore"})
    assert PrivacyRequest.objects.count() == 5


def test_it_is_withdrawn_by_its_owner_only(sign_in, anne, boris):
    row = asked(anne)
    assert sign_in(boris).post(f"{MINE}{row.pk}/retrait/").status_code == 404
    sign_in(anne).post(f"{MINE}{row.pk}/retrait/")
    row.refresh_from_db()
    assert row.state == State.WITHDRAWN


def test_the_register_puts_the_overdue_first(sign_in, admin, anne, boris):
    asked(boris, received_on=timezone.localdate() - dt.timedelta(days=3))
    late = asked(anne, received_on=timezone.localdate() - dt.timedelta(days=40))
    page = sign_in(admin).get(REGISTER).content.decode()
    assert page.index("Anne Durand") < page.index("Boris Lenoir")
    assert "en retard" in page
    assert late.is_overdue


def test_the_register_costs_a_bounded_number_of_queries(sign_in, admin, make_account, django_assert_max_num_queries):
    for rank in range(10):
        asked(make_account("Nina", f"Petit{chr(97 + rank)}"))
    browser = sign_in(admin)
    browser.get(REGISTER)
    with django_assert_max_num_queries(10):
        browser.get(REGISTER)


def test_erasure_granted_is_done_and_told(sign_in, admin, anne):
    old = SignInEvent.objects.create(account=anne, login=anne.login, protocol="web", result="success")
    SignInEvent.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(days=200))
    recent = SignInEvent.objects.create(account=anne, login=anne.login, protocol="web", result="success")
    row, browser = asked(anne), sign_in(admin)
    url = f"{REGISTER}{row.pk}/"
    assert "Connexions de plus de six mois (1)" in browser.get(url).content.decode()
    form = {"do": "answer", "state": "granted", "answer": "C'est fait.", "erase": ["sign_ins", "recovery_address"]}
    browser.post(url, form)
    row.refresh_from_db()
    assert (row.state, row.erased) == (State.GRANTED, {"sign_ins": 1, "recovery_address": 1})
    assert not RecoveryAddress.objects.filter(account=anne).exists()
    assert list(SignInEvent.objects.filter(account=anne)) == [recent]
    assert AuditEvent.objects.get(action="privacy.erase").actor == admin.login
    tasks.send_answer(request_id=row.pk)
    assert "C'est fait." in mail.outbox[-1].body
    assert "C&#x27;est fait." in sign_in(anne).get(MINE).content.decode()


def test_a_refusal_says_its_ground(sign_in, admin, anne):
    row, browser = asked(anne), sign_in(admin)
    url = f"{REGISTER}{row.pk}/"
    form = {"do": "answer", "state": "refused", "answer": "Votre boîte sert votre mission."}
    assert "dit son fondement" in browser.post(url, form).content.decode()
    browser.post(url, form | {"ground": "mission"})
    row.refresh_from_db()
    assert (row.state, row.ground, row.acting_login) == (State.REFUSED, "mission", admin.login)
    tasks.send_answer(request_id=row.pk)
    assert "CNIL" in mail.outbox[-1].body


def test_a_legal_hold_stops_erasure(sign_in, admin, anne):
    row = asked(anne)
    LegalHold.objects.create(account=anne, reference="TJ 12/26", acting_login=admin.login)
    page = sign_in(admin).get(f"{REGISTER}{row.pk}/").content.decode()
    assert "conservation judiciaire" in page
    assert 'name="erase"' not in page
    with pytest.raises(ErasureHeld):
        privacy_decide(request=row, state=State.GRANTED, answer="x", erase=["sign_ins"], acting_user=admin)
    row.refresh_from_db()
    assert row.state == State.OPEN
    with pytest.raises(CommandError, match="legal hold"):
        call_command("personal_data_erase", anne.login, "--what", "recovery_address", "--reason", "x")
    assert RecoveryAddress.objects.filter(account=anne).exists()


def test_it_is_answered_once(anne, admin):
    row = asked(anne)
    privacy_decide(request=row, state=State.REFUSED, answer="Non.", ground="mission", acting_user=admin)
    with pytest.raises(AlreadyDecided):
        privacy_decide(request=row, state=State.GRANTED, answer="Oui.", acting_user=admin)


def test_two_more_months_once(sign_in, admin, anne):
    row = asked(anne)
    sign_in(admin).post(f"{REGISTER}{row.pk}/", {"do": "extend", "extension": "Beaucoup de demandes."})
    before = row.due_on
    row.refresh_from_db()
    assert row.due_on == months_after(before, 2)
    with pytest.raises(AlreadyDecided):
        privacy_extend(request=row, reason="Encore", acting_user=admin)


def test_one_that_came_by_letter(sign_in, admin, anne):
    browser = sign_in(admin)
    day = timezone.localdate() - dt.timedelta(days=10)
    form = {"kind": "access", "channel": "letter", "received_on": day.isoformat(), "text": "Lettre du 3."}
    url = f"/compte/donnees/pour/{anne.pk}/"
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert "à venir" in browser.post(url, form | {"received_on": tomorrow.isoformat()}).content.decode()
    browser.post(url, form)
    row = PrivacyRequest.objects.get()
    assert (row.account, row.channel, row.due_on) == (anne, "letter", months_after(day, 1))
    assert "Enregistrer une demande reçue" in browser.get(f"/annuaire/personnes/{anne.person_id}/").content.decode()


def test_the_archive_of_somebody_is_handed_over_by_the_dsi(sign_in, admin, anne):
    browser = sign_in(admin)
    confirm(browser)
    answer = browser.post(f"/compte/donnees/pour/{anne.pk}/archive.zip")
    assert answer["Content-Type"] == "application/zip"
    assert AuditEvent.objects.get(action="privacy.access").actor == admin.login


def test_support_sees_corrections_alone(sign_in, make_account, anne):
    correction, erasure = asked(anne, Kind.RECTIFICATION), asked(anne)
    browser = sign_in(make_account("Sam", "Support", Role.SUPPORT))
    page = browser.get("/compte/corrections/").content.decode()
    assert f"{REGISTER}{correction.pk}/" in page
    assert f"{REGISTER}{erasure.pk}/" not in page
    assert "prochain flux" in browser.get(f"{REGISTER}{correction.pk}/").content.decode()
    assert browser.get(f"{REGISTER}{erasure.pk}/").status_code == 404
    assert browser.get(REGISTER).status_code == 403
    assert browser.post(f"/compte/donnees/pour/{anne.pk}/archive.zip").status_code == 403


def test_another_academie_is_out_of_reach(sign_in, admin, anne):
    row = asked(anne)
    anne.person.organisation = Organisation.objects.create(name="Ailleurs", mail_domain="ac-ailleurs.test")
    anne.person.save()
    browser = sign_in(admin)
    confirm(browser)
    assert "Anne Durand" not in browser.get(REGISTER).content.decode()
    assert browser.get(f"{REGISTER}{row.pk}/").status_code == 404
    assert browser.get(f"/compte/donnees/pour/{anne.pk}/").status_code == 404
    assert browser.post(f"/compte/donnees/pour/{anne.pk}/archive.zip").status_code == 404


def test_those_who_answer_are_reminded_as_the_month_ends(admin, anne):
    asked(anne)
    with time_machine.travel(timezone.now() + dt.timedelta(days=10)):
        assert not due_soon(admin.person.organisation).exists()
    with time_machine.travel(timezone.now() + dt.timedelta(days=33)):
        assert list(privacy_officers(admin.person.organisation)) == [admin]
        tasks.send_reminder(account_id=admin.pk)
    assert "Anne Durand" in mail.outbox[-1].body
    assert "EN RETARD" in mail.outbox[-1].body


def test_somebody_whose_mailbox_is_closed_is_told_elsewhere(anne):
    anne.state = Account.State.DEACTIVATED
    assert tasks.reach(anne) == "anne@ailleurs.test"


def test_the_commands(anne, tmp_path, capsys):
    call_command("personal_data_access", anne.login, "--out", tmp_path)
    with zipfile.ZipFile(next(tmp_path.glob("*.zip"))) as archive:
        assert set(archive.namelist()) == {"donnees.json", "donnees.html"}
    with pytest.raises(CommandError, match="File exists"):
        call_command("personal_data_access", anne.login, "--out", tmp_path)
    call_command("personal_data_erase", anne.login)
    assert "secret_questions: 2" in capsys.readouterr().out
    assert SecretQuestion.objects.filter(account=anne).count() == 2, "listing changes nothing"
    with pytest.raises(CommandError, match="reason"):
        call_command("personal_data_erase", anne.login, "--what", "secret_questions")
    with pytest.raises(CommandError, match="unknown photo"):
        call_command("personal_data_erase", anne.login, "--what", "photo", "--reason", "x")
    call_command("personal_data_erase", anne.login, "--what", "secret_questions", "--reason", "Demande 12")
    assert not SecretQuestion.objects.filter(account=anne).exists()
    assert AuditEvent.objects.get(action="privacy.erase").detail["reason"] == "Demande 12"
    with pytest.raises(CommandError, match="no account"):
        call_command("personal_data_access", "personne@nulle.part", "--out", tmp_path)


def test_erasing_an_unknown_thing_is_refused(anne, admin):
    with pytest.raises(KeyError):
        personal_data_erase(account=anne, keys=["photo"], acting_user=admin, reason="x")
