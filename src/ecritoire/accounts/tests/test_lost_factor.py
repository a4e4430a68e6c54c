"""A lost phone: by the alternate address, or by two colleagues. Neither way may become a takeover."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import PASSWORD, SECOND_FACTOR, SecureClient, enrol_totp
from ecritoire.accounts.models import RecoveryCode, TotpFactor, Vouching
from ecritoire.accounts.services import role_grant
from ecritoire.accounts.services.letters import temporary_password_set
from ecritoire.accounts.services.recovery import question_shown
from ecritoire.accounts.services.recovery_codes import recovery_codes_make
from ecritoire.accounts.services.vouching import (
    VouchingRefused,
    factors_reset_on_the_machine,
    vouching_confirm,
    vouching_vouch,
)
from ecritoire.accounts.signals import help_requested
from ecritoire.accounts.tasks import factors as factor_tasks
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.common.services import audit_record
from ecritoire.directory.models import Assignment, Structure
from ecritoire.directory.services import organisation_ensure

pytestmark = pytest.mark.django_db
ANSWERS = {"first_street": "rue des Lilas", "dream_trade": "astronaute"}
LOST = "/compte/connexion/perdu/"
ADDRESS = f"{LOST}adresse/"
FACTORS = "/compte/double-authentification/"
VOUCHINGS = "/compte/rendez-vous/"


@pytest.fixture
def school(db):
    values = {"name": "Collège Jeanne-Barret", "kind": "middle", "city": "Valmont"}
    return Structure.objects.create(organisation=organisation_ensure(), uai="0990103Z", **values)


@pytest.fixture
def carole(make_account, school):
    """Lost her phone; works at the school."""
    account = make_account("Carole", "Vernet")
    today = timezone.localdate()
    Assignment.objects.create(person=account.person, structure=school, function="CPE", starts_on=today)
    enrol_totp(account)
    return account


@pytest.fixture
def karim(make_account, school):
    """The school's local contact."""
    account = make_account("Karim", "Delattre", Role.AGENT)
    role_grant(account=account, role=Role.LOCAL_CONTACT, structure=school, acting_user=None)
    return account


@pytest.fixture
def nadia(make_account):
    return make_account("Nadia", "Benali", Role.SUPPORT)


@pytest.fixture
def sam(make_account):
    return make_account("Sam", "Support", Role.SUPPORT)


@pytest.fixture
def waiting(carole):
    """Carole's browser, after her password."""
    browser: Any = SecureClient()
    browser.post("/compte/connexion/", {"login": carole.login, "password": PASSWORD})
    return browser


def answer_of(account):
    label = question_shown(account.login)
    return next(ANSWERS[q.question] for q in account.secret_questions.all() if q.get_question_display() == label)


def code_sent(account):
    factor_tasks.send_lost_factor_code(account_id=account.pk)
    return next(line.strip() for line in mail.outbox[-1].body.splitlines() if line.strip().isdigit())


def vouch(browser, account, **extra):
    data = {"login": account.login, "proof": "identity", "seen": "on", **extra}
    return browser.post(VOUCHINGS, data)


def test_it_works(waiting, carole):
    assert waiting.post(f"{LOST}code/").url == ADDRESS
    assert ProcrastinateJob.objects.filter(task_name="accounts.send_lost_factor_code").exists()
    answer = waiting.post(ADDRESS, {"code": code_sent(carole), "answer": answer_of(carole)})
    assert answer.url == "/"
    assert mail.outbox[0].to == ["anne@ailleurs.test"]
    assert not TotpFactor.objects.filter(account=carole).exists()
    assert waiting.get("/").url == FACTORS
    assert AuditEvent.objects.filter(action="factor.lost", target=carole.login).exists()


def test_the_code_alone_is_not_enough_and_is_used_up(waiting, carole):
    code = code_sent(carole)
    assert waiting.post(ADDRESS, {"code": code, "answer": "je ne sais plus"}).status_code == 200
    assert waiting.post(ADDRESS, {"code": code, "answer": answer_of(carole)}).status_code == 200
    assert TotpFactor.objects.filter(account=carole).exists()


def test_the_answer_alone_is_not_enough(waiting, carole):
    assert waiting.post(ADDRESS, {"code": "123456", "answer": answer_of(carole)}).status_code == 200


def test_guessing_is_slowed_down(waiting, carole):
    for _ in range(5):
        waiting.post(ADDRESS, {"code": "123456", "answer": "x"})
    data = {"code": code_sent(carole), "answer": answer_of(carole)}
    assert "reprenez plus tard" in waiting.post(ADDRESS, data).content.decode()


def test_it_needs_the_password_first(browser, carole):
    assert browser.post(ADDRESS, {"code": code_sent(carole), "answer": answer_of(carole)}).url == "/compte/connexion/"


def test_the_same_mailbox_does_not_replace_both_in_one_week(waiting, carole):
    audit_record(acting_user=carole, action="password.reset", target=carole.login)
    assert "vient d'être changé par ce même chemin" in waiting.get(LOST).content.decode()
    assert waiting.post(ADDRESS, {"code": code_sent(carole), "answer": answer_of(carole)}).url == LOST


def test_it_never_opens_a_privileged_account(nadia, browser):
    browser.post("/compte/connexion/", {"login": nadia.login, "password": PASSWORD})
    assert "fermé aux comptes qui ont des droits étendus" in browser.get(LOST).content.decode()
    assert browser.post(ADDRESS, {"code": code_sent(nadia), "answer": answer_of(nadia)}).url == LOST


def test_six_codes_a_day(waiting, carole):
    answers = [waiting.post(f"{LOST}code/").url for _ in range(7)]
    assert answers == [ADDRESS] * 6 + [LOST]


def test_two_people_vouch_and_confirm(waiting, carole, karim, nadia, sign_in):
    heard = []
    help_requested.connect(lambda **told: heard.append(told), weak=False, dispatch_uid="test")
    try:
        waiting.post(f"{LOST}rendez-vous/", {"contact": "06 12 34 56 78"})
    finally:
        help_requested.disconnect(dispatch_uid="test")
    assert (heard[0]["kind"], heard[0]["contact"]) == ("lost_factor", "06 12 34 56 78")
    assert heard[0]["facts"] == {"contacts": "Karim Delattre"}
    assert ProcrastinateJob.objects.get(task_name="accounts.send_appointment").args["contact_id"] == karim.pk

    vouch(sign_in(karim), carole)
    vouching = Vouching.objects.get()
    page = sign_in(nadia).post(f"{VOUCHINGS}{vouching.pk}/confirmation/").content.decode()
    code = page.partition('id="code">')[2].partition("<")[0]
    assert carole.login in page
    acts = list(AuditEvent.objects.filter(target=carole.login).values_list("actor", "action"))
    assert (karim.login, "factor.vouch") in acts
    assert (nadia.login, "factor.reset") in acts

    browser: Any = SecureClient()
    assert browser.post("/compte/connexion/", {"login": carole.login, "password": PASSWORD}).url == SECOND_FACTOR
    assert browser.get(SECOND_FACTOR).url == f"{SECOND_FACTOR}code-de-secours/"
    assert browser.post(f"{SECOND_FACTOR}code-de-secours/", {"code": code}).url == "/"
    assert browser.get("/").url == FACTORS


def test_nobody_vouches_for_oneself_nor_for_another_school(sign_in, karim, boris, carole):
    assert "ou c&#x27;est vous" in vouch(sign_in(karim), karim).content.decode()
    assert "ou c&#x27;est vous" in vouch(sign_in(karim), boris).content.decode()
    assert not Vouching.objects.exists()
    with pytest.raises(VouchingRefused):
        vouching_vouch(account=karim, proof=Vouching.Proof.IDENTITY, acting_user=karim)


def test_a_contact_vouches_for_those_who_work_there_today(karim, carole):
    now = timezone.localdate()
    carole.person.assignments.update(starts_on=now - dt.timedelta(days=9), ends_on=now - dt.timedelta(days=1))
    with pytest.raises(VouchingRefused):
        vouching_vouch(account=carole, proof=Vouching.Proof.IDENTITY, acting_user=karim)


def test_whoever_vouched_does_not_confirm(sign_in, nadia, sam, carole):
    vouch(sign_in(nadia), carole)
    vouching = Vouching.objects.get()
    sign_in(nadia).post(f"{VOUCHINGS}{vouching.pk}/confirmation/")
    assert TotpFactor.objects.filter(account=carole).exists()
    with transaction.atomic(), pytest.raises(IntegrityError):
        Vouching.objects.update(state="confirmed", closed_by=nadia)
    sign_in(sam).post(f"{VOUCHINGS}{vouching.pk}/confirmation/")
    assert not TotpFactor.objects.filter(account=carole).exists()


def test_a_local_contact_does_not_confirm(sign_in, karim, nadia, carole):
    vouch(sign_in(nadia), carole)
    assert sign_in(karim).post(f"{VOUCHINGS}{Vouching.objects.get().pk}/confirmation/").status_code == 403


def test_nothing_is_confirmed_before_somebody_has_vouched(waiting, sign_in, nadia, carole):
    waiting.post(f"{LOST}rendez-vous/", {"contact": "06"})
    sign_in(nadia).post(f"{VOUCHINGS}{Vouching.objects.get().pk}/confirmation/")
    assert TotpFactor.objects.filter(account=carole).exists()


def test_the_person_does_not_confirm_for_themself(nadia, sam):
    vouching = vouching_vouch(account=nadia, proof=Vouching.Proof.IDENTITY, acting_user=sam)
    with pytest.raises(VouchingRefused):
        vouching_confirm(vouching=vouching, acting_user=nadia)


def test_support_does_not_open_an_administrator_s_account(admin, nadia, sam):
    vouching = vouching_vouch(account=admin, proof=Vouching.Proof.IDENTITY, acting_user=nadia)
    with pytest.raises(VouchingRefused):
        vouching_confirm(vouching=vouching, acting_user=sam)


def test_an_agent_sees_no_appointments(sign_in, boris):
    assert sign_in(boris).get(VOUCHINGS).status_code == 403
    for act in ("confirmation", "refus"):
        assert sign_in(boris).post(f"{VOUCHINGS}1/{act}/").status_code == 403


def test_a_contact_sees_one_s_own_school_only(sign_in, karim, nadia, boris, carole):
    enrol_totp(boris)
    for account in (boris, carole):
        vouch(sign_in(nadia), account)
    page = sign_in(karim).get(VOUCHINGS).content.decode()
    assert carole.login in page
    assert boris.login not in page
    other = Vouching.objects.get(account=boris)
    assert sign_in(karim).post(f"{VOUCHINGS}{other.pk}/refus/").status_code == 404


def test_a_refusal_changes_nothing(sign_in, karim, carole):
    vouch(sign_in(karim), carole)
    sign_in(karim).post(f"{VOUCHINGS}{Vouching.objects.get().pk}/refus/")
    assert Vouching.objects.get().state == "refused"
    assert TotpFactor.objects.filter(account=carole).exists()


def test_asking_twice_is_asking_once(waiting, carole, karim):
    for _ in range(2):
        waiting.post(f"{LOST}rendez-vous/", {"contact": "06"})
    assert Vouching.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="accounts.send_appointment").count() == 1


def test_the_sessions_end_and_the_old_codes_no_longer_count(sign_in, carole, karim, nadia):
    thief = sign_in(carole)
    codes = recovery_codes_make(account=carole)
    vouching = vouching_vouch(account=carole, proof=Vouching.Proof.IDENTITY, acting_user=karim)
    vouching_confirm(vouching=vouching, acting_user=nadia)
    assert thief.get("/").status_code == 302
    browser: Any = SecureClient()
    browser.post("/compte/connexion/", {"login": carole.login, "password": PASSWORD})
    assert browser.post(f"{SECOND_FACTOR}code-de-secours/", {"code": codes[0]}).status_code == 200


def test_an_expired_entry_code_does_not_leave_the_password_alone(carole):
    code = factors_reset_on_the_machine(account=carole)
    RecoveryCode.objects.update(expires_at=timezone.now())
    browser: Any = SecureClient()
    assert browser.post("/compte/connexion/", {"login": carole.login, "password": PASSWORD}).url == SECOND_FACTOR
    assert browser.post(f"{SECOND_FACTOR}code-de-secours/", {"code": code}).status_code == 200


def test_a_letter_from_support_does_not_go_round_the_second_factor(carole, nadia):
    password = temporary_password_set(account=carole)
    browser: Any = SecureClient()
    assert browser.post("/compte/connexion/", {"login": carole.login, "password": password}).url == SECOND_FACTOR


def test_an_old_attestation_is_given_anew(carole, karim, nadia):
    vouching = vouching_vouch(account=carole, proof=Vouching.Proof.IDENTITY, acting_user=karim)
    Vouching.objects.update(vouched_at=timezone.now() - dt.timedelta(days=8))
    with pytest.raises(VouchingRefused, match="une semaine"):
        vouching_confirm(vouching=vouching, acting_user=nadia)


def test_the_only_administrator_is_let_in_from_the_machine(admin):
    told = io.StringIO()
    call_command("factor_reset", admin.login, stdout=told)
    browser: Any = SecureClient()
    browser.post("/compte/connexion/", {"login": admin.login, "password": PASSWORD})
    code = told.getvalue().split(" with ")[1].split()[0]
    assert browser.post(f"{SECOND_FACTOR}code-de-secours/", {"code": code}).url == "/"
    assert AuditEvent.objects.filter(action="factor.reset", target=admin.login, actor="system").exists()


def test_a_person_s_page_says_which_factors(sign_in, nadia, carole):
    recovery_codes_make(account=carole)
    page = sign_in(nadia).get(f"/annuaire/personnes/{carole.person_id}/").content.decode()
    assert "Retirer les facteurs, à deux personnes" in page


def test_the_list_costs_a_bounded_number_of_queries(sign_in, nadia, make_account, django_assert_max_num_queries):
    for rank in range(6):
        account = make_account("Zoé", f"Lefèvre{rank}")
        Vouching.objects.create(account=account)
    browser = sign_in(nadia)
    with django_assert_max_num_queries(12):
        browser.get(VOUCHINGS)
