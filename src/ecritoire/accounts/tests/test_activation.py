"""From a temporary password to an active account."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import PASSWORD
from ecritoire.accounts import tasks
from ecritoire.accounts.models import Account, PrivacyRequest
from ecritoire.common.models import AuditEvent

pytestmark = pytest.mark.django_db
NEW = "Tracteur-bleu-7-lune"
ADDRESS = "/compte/activation/adresse/"


@pytest.fixture
def newcomer(make_account):
    expires = timezone.now() + dt.timedelta(days=3)
    return make_account(
        "Nina", "Nouvelle", state=Account.State.PROVISIONED, activated_at=None, details_confirmed_at=None,
        memo_read_at=None, temporary_password_expires_at=expires,
    )  # fmt: skip


@pytest.fixture
def path(sign_in, newcomer):
    return sign_in(newcomer)


def set_password(path, password=NEW):
    return path.post("/compte/activation/mot-de-passe/", {"new_password": password, "repeat": password})


def verify_address(path, newcomer):
    path.post(ADDRESS, {"address": "nina@maison.test"})
    tasks.send_verification_code(account_id=newcomer.pk)
    code = mail.outbox[-1].subject.rpartition(" ")[2]
    return path.post(ADDRESS, {"code": code})


def answer_questions(path):
    answers = {"question_1": "first_street", "answer_1": "rue Haute", "question_2": "dream_trade", "answer_2": "vigie"}
    return path.post("/compte/activation/questions/", answers)


def test_it_works(path, newcomer):
    assert path.get("/").url == "/compte/activation/"
    set_password(path)
    path.post("/compte/activation/informations/", {})
    verify_address(path, newcomer)
    answer_questions(path)
    assert path.post("/compte/activation/memo/", {"read": "on"}).url == "/"
    newcomer.refresh_from_db()
    assert newcomer.is_activated
    assert newcomer.recovery_address.address == "nina@maison.test"
    assert AuditEvent.objects.filter(action="account.activate", target=newcomer.login).exists()
    assert ProcrastinateJob.objects.filter(task_name="mailstore.mailbox_create").count() == 1


@pytest.mark.parametrize("url", ["/", "/compte/applications/", "/compte/mot-de-passe/", "/courrier/"])
def test_nothing_else_is_open_before_the_end(path, url):
    assert path.get(url).url == "/compte/activation/"


def test_steps_come_in_order_and_may_be_taken_up_again(path, newcomer, browser):
    assert path.get("/compte/activation/memo/").url == "/compte/activation/password/".replace(
        "password", "mot-de-passe"
    )
    set_password(path)
    browser.post("/compte/deconnexion/")
    browser.post("/compte/connexion/", {"login": newcomer.login, "password": NEW})
    assert browser.get("/compte/activation/").url == "/compte/activation/informations/"


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("Court-1a", "CNIL, délibération 2022-100"),
        ("motdepassemotdepasse", "CNIL, délibération 2022-100"),
        ("Nouvelle-Nina-2026!", "ANSSI, R27"),
        ("Azertyuiop-12345", "ANSSI, R27"),
        (PASSWORD, "mot de passe actuel"),
    ],
)
def test_a_refused_password_quotes_its_rule(path, newcomer, password, rule):
    answer = set_password(path, password)
    assert answer.status_code == 200
    assert rule in answer.content.decode().replace("&#x27;", "'")
    newcomer.refresh_from_db()
    assert newcomer.must_change_password


@pytest.mark.parametrize(
    "password", [NEW, "quatorzeSignes12zk", "cheval agrafe lanterne voyage bistre pommier silence"]
)
def test_each_rule_of_the_cnil_opens(path, newcomer, password):
    assert set_password(path, password).status_code == 302


def test_an_error_in_the_details_is_told_and_does_not_block(path, newcomer):
    set_password(path)
    path.post("/compte/activation/informations/", {"dispute": "1", "text": "Mon prénom s'écrit Ninna."})
    assert PrivacyRequest.objects.get().account == newcomer
    assert path.get("/compte/activation/").url == ADDRESS


def test_an_address_of_the_academie_is_no_way_back_in(path):
    set_password(path)
    path.post("/compte/activation/informations/", {})
    answer = path.post(ADDRESS, {"address": "nina@ac-valmont.test"})
    assert "hors de l" in answer.content.decode()


def test_a_code_is_tried_five_times_at_most(path, newcomer):
    set_password(path)
    path.post("/compte/activation/informations/", {})
    path.post(ADDRESS, {"address": "nina@maison.test"})
    tasks.send_verification_code(account_id=newcomer.pk)
    code = mail.outbox[-1].subject.rpartition(" ")[2]
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        path.post(ADDRESS, {"code": wrong})
    assert "plus valable" in path.post(ADDRESS, {"code": code}).content.decode()


def test_codes_are_never_stored_in_clear(path, newcomer):
    set_password(path)
    path.post("/compte/activation/informations/", {})
    path.post(ADDRESS, {"address": "nina@maison.test"})
    tasks.send_verification_code(account_id=newcomer.pk)
    code = mail.outbox[-1].subject.rpartition(" ")[2]
    assert code not in newcomer.codes.get().code_hash
    assert not ProcrastinateJob.objects.filter(args__icontains=code).exists()


def test_codes_are_rationed(path, newcomer):
    set_password(path)
    path.post("/compte/activation/informations/", {})
    for _ in range(7):
        path.post(ADDRESS, {"address": "nina@maison.test"})
    assert ProcrastinateJob.objects.filter(task_name="accounts.send_verification_code").count() == 6


def test_two_questions_and_two_answers_differ(path, newcomer):
    set_password(path)
    path.post("/compte/activation/informations/", {})
    verify_address(path, newcomer)
    same = {"question_1": "dream_trade", "answer_1": "Vigie", "question_2": "dream_trade", "answer_2": "vigie"}
    page = path.post("/compte/activation/questions/", same).content.decode()
    assert "deux questions différentes" in page
    assert "deux réponses différentes" in page
