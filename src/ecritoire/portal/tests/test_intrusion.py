"""The guided gesture: in order, in one browser, for one person, until it is over. Its whole course is in tests/end_to_end."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import PASSWORD, SecureClient
from ecritoire.accounts.models import Account, Intrusion, RecoveryChange, RoleGrant
from ecritoire.accounts.services import app_password_create
from ecritoire.accounts.services.recovery import secret_questions_set
from ecritoire.accounts.signals import help_requested
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.directory.models import Assignment, Structure
from ecritoire.mailstore import services_rules
from ecritoire.mailstore.services import mailbox_create
from ecritoire.mailstore.services_rules import rule_write

pytestmark = pytest.mark.django_db
NEW = "Tracteur-bleu-7-lune"
START, PASSWORD_PAGE, RULES, RECOVERY, DONE = (
    "/intrusion/",
    "/intrusion/mot-de-passe/",
    "/intrusion/regles/",
    "/intrusion/secours/",
    "/intrusion/fin/",
)


@pytest.fixture
def asked():
    """What the help desk is asked."""
    requests = []

    def note(**told):
        requests.append(told)

    help_requested.connect(note)
    yield requests
    help_requested.disconnect(note)


@pytest.fixture
def mailbox(anne, monkeypatch):
    """Anne under a store id of this test's own, with her mailbox."""
    name = f"n{uuid.uuid4().hex[:12]}"
    monkeypatch.setattr(Account, "store_id", property(lambda self: name))
    mailbox_create(account=anne)
    return anne


def begin(browser, since="7"):
    browser.post(START, {"since": since})
    return browser.post("/compte/alertes/preuve/", {"kind": "password", "password": PASSWORD})


def secure(browser):
    return browser.post(PASSWORD_PAGE, {"new_password": NEW, "repeat": NEW})


def test_it_works(sign_in, anne, asked):
    row, _secret = app_password_create(account=anne, name="Téléphone")
    other = SecureClient()
    other.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD})
    browser = sign_in(anne)
    assert begin(browser).url == PASSWORD_PAGE
    assert secure(browser).url == RULES
    assert browser.get("/").status_code == 200
    assert other.get("/").status_code == 302
    row.refresh_from_db()
    anne.refresh_from_db()
    assert row.revoked_at
    assert anne.check_password(NEW)
    page = browser.get(DONE).content.decode()
    assert "1 session fermée" in page
    assert "1 application coupée" in page


def test_the_help_desk_is_asked_once_and_urgently(sign_in, anne, asked):
    browser = sign_in(anne)
    begin(browser)
    secure(browser)
    assert [(told["account"], told["kind"], told["urgent"]) for told in asked] == [(anne, "takeover", True)]
    assert asked[0]["contact"] == "anne@ailleurs.test"
    assert "Sessions fermées" in asked[0]["facts"]


def test_the_local_contacts_are_told(sign_in, anne, boris, asked):
    school = Structure.objects.create(
        organisation=anne.person.organisation, uai="0990101A", name="Collège", kind="middle", city="V"
    )
    Assignment.objects.create(person=anne.person, structure=school, function="Prof", starts_on=timezone.localdate())
    RoleGrant.objects.create(account=boris, role=Role.LOCAL_CONTACT, structure=school)
    browser = sign_in(anne)
    begin(browser)
    secure(browser)
    job = ProcrastinateJob.objects.get(task_name="accounts.send_intrusion_notice")
    assert job.args["contact_id"] == boris.pk


def test_the_open_connections_are_cut_at_once_and_again_when_tokens_are_over(sign_in, anne, asked):
    browser = sign_in(anne)
    begin(browser)
    secure(browser)
    jobs = ProcrastinateJob.objects.filter(task_name="mailstore.connections_cut").order_by("id")
    assert [job.args["store_id"] for job in jobs] == [anne.store_id] * 2
    assert jobs[1].scheduled_at > timezone.now() + dt.timedelta(seconds=60)


def test_rules_of_since_are_shown_apart_and_removed(sign_in, mailbox, asked):
    rule_write(account=mailbox, name="Tri", text='redirect "voleur@ailleurs.test";')
    browser = sign_in(mailbox)
    begin(browser)
    secure(browser)
    page = browser.get(RULES).content.decode()
    assert "Renvoie le courrier à voleur@ailleurs.test" in page
    assert "Plus anciennes" not in page
    pk = page.partition('name="rule" value="')[2].partition('"')[0]
    assert "est supprimée" in browser.post(RULES, {"rule": pk}, follow=True).content.decode()
    assert Intrusion.objects.get().rules_removed[0]["name"] == "Tri"
    assert AuditEvent.objects.filter(action="rule.remove").exists()
    assert "existait déjà plus" in browser.post(RULES, {"rule": pk}, follow=True).content.decode()


def test_rules_from_before_are_shown_as_older(sign_in, mailbox, asked):
    rule_write(account=mailbox, name="Tri", text='fileinto "Trash";\n'.join(['require "fileinto";\n', ""]))
    browser = sign_in(mailbox)
    begin(browser)
    secure(browser)
    Intrusion.objects.update(since=timezone.now() + dt.timedelta(minutes=1))
    page = browser.get(RULES).content.decode()
    assert "Aucune règle ni transfert nouveau." in page
    assert "Plus anciennes" in page


def test_a_store_that_is_away_does_not_stop_the_gesture(sign_in, anne, asked, monkeypatch, tmp_path):
    browser = sign_in(anne)
    begin(browser)
    secure(browser)
    monkeypatch.setattr(services_rules, "steward_socket", lambda: tmp_path / "none")
    answer = browser.get(RULES)
    assert answer.status_code == 200
    assert "ne répond pas" in answer.content.decode()


def test_a_changed_alternate_address_is_put_back(sign_in, anne, asked):
    RecoveryChange.objects.create(account=anne, kind="address", former_address="anne@ailleurs.test")
    anne.recovery_address.address = "voleur@ailleurs.test"
    anne.recovery_address.save()
    browser = sign_in(anne)
    begin(browser)
    secure(browser)
    page = browser.get(RECOVERY).content.decode()
    assert "avant : anne@ailleurs.test" in page
    browser.post(RECOVERY, {"change": RecoveryChange.objects.get().pk})
    anne.recovery_address.refresh_from_db()
    assert anne.recovery_address.address == "anne@ailleurs.test"
    assert "Aucun changement." in browser.get(RECOVERY).content.decode()
    assert "adresse de secours rétablie" in browser.get(DONE).content.decode()


def test_changed_questions_are_put_back(sign_in, anne, asked):
    before = dict(anne.secret_questions.values_list("question", "answer_hash"))
    secret_questions_set(account=anne, answers={"first_concert": "le voleur", "favourite_book": "le vol"})
    browser = sign_in(anne)
    begin(browser)
    secure(browser)
    browser.post(RECOVERY, {"change": RecoveryChange.objects.get().pk})
    assert dict(anne.secret_questions.values_list("question", "answer_hash")) == before


def test_nobody_undoes_another_s_changes(sign_in, anne, boris, asked):
    change = RecoveryChange.objects.create(account=boris, kind="address", former_address="boris@ailleurs.test")
    browser = sign_in(anne)
    begin(browser)
    secure(browser)
    assert browser.post(RECOVERY, {"change": change.pk}).status_code == 404


@pytest.mark.parametrize("url", [PASSWORD_PAGE, RULES, RECOVERY, DONE])
def test_without_the_proof_no_page_opens(sign_in, anne, url):
    assert sign_in(anne).get(url).url == START
    stranger = SecureClient().get(url)
    assert (stranger.status_code, stranger["Location"]) == (302, START)


@pytest.mark.parametrize("url", [RULES, RECOVERY, DONE])
def test_the_password_comes_first(sign_in, anne, url):
    browser = sign_in(anne)
    begin(browser)
    assert browser.get(url).url == PASSWORD_PAGE


def test_whoever_sits_down_next_sets_no_other_password(sign_in, anne, asked):
    browser = sign_in(anne)
    begin(browser)
    secure(browser)
    assert browser.get(PASSWORD_PAGE).url == RULES
    browser.get(DONE)
    assert browser.get(RULES).url == START
    assert browser.get(DONE).status_code == 200


def test_the_proof_is_one_person_s(sign_in, anne, boris, asked):
    browser = sign_in(anne)
    begin(browser)
    session = browser.session
    told = session["suspicion_proved"]
    browser = sign_in(boris)
    session = browser.session
    session["suspicion_proved"] = told
    session.save()
    assert browser.get(PASSWORD_PAGE).url == START


def test_the_proof_ends_by_itself(sign_in, anne):
    browser = sign_in(anne)
    begin(browser)
    session = browser.session
    session["suspicion_proved"] |= {"at": session["suspicion_proved"]["at"] - 1801}
    session.save()
    assert browser.get(PASSWORD_PAGE).url == START


@pytest.mark.parametrize("since", ["", "2", "x"])
def test_since_when_is_asked_plainly(sign_in, anne, since):
    answer = sign_in(anne).post(START, {"since": since})
    assert answer.status_code == 200
    assert "fr-error-text" in answer.content.decode()


def test_a_weak_password_is_refused_and_nothing_happens(sign_in, anne, asked):
    browser = sign_in(anne)
    begin(browser)
    assert "Trop court" in browser.post(PASSWORD_PAGE, {"new_password": "court", "repeat": "court"}).content.decode()
    assert not asked


def test_a_stranger_is_sent_to_sign_in(browser):
    assert browser.get(START).url.startswith("/compte/connexion/")
