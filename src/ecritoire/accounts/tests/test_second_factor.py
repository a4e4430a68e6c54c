"""The second stage of a sign-in: nothing opens before the code, and a code opens once."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from conftest import PASSWORD, SECOND_FACTOR, TOTP_SECRET, SecureClient, enrol_totp, totp_code
from ecritoire.accounts import tasks
from ecritoire.accounts.models import AccountSession, SignInEvent, TotpFactor
from ecritoire.accounts.services.management import account_suspend, account_unlock
from ecritoire.accounts.services.totp import CodeCheck, totp_use

pytestmark = pytest.mark.django_db


@pytest.fixture
def carole(make_account):
    """An agent who has chosen a second factor."""
    account = make_account("Carole", "Vernet")
    enrol_totp(account)
    return account


def half_open(browser, account, **extra):
    return browser.post("/compte/connexion/", {"login": account.login, "password": PASSWORD, **extra})


def show(browser, code, **extra):
    return browser.post(SECOND_FACTOR, {"code": code, **extra})


def results(account):
    return list(SignInEvent.objects.filter(account=account).order_by("id").values_list("result", flat=True))


def test_it_works(browser, carole):
    assert half_open(browser, carole).url == SECOND_FACTOR
    assert "Encore une vérification" in browser.get(SECOND_FACTOR).content.decode()
    assert show(browser, totp_code()).url == "/"
    assert carole.login in browser.get("/").content.decode()
    assert results(carole) == ["success"]


def test_nothing_is_open_before_the_code(browser, carole):
    half_open(browser, carole)
    assert "_auth_user_id" not in browser.session
    assert not AccountSession.objects.filter(account=carole).exists()
    for url in ("/", "/courrier/", "/compte/sessions/", "/compte/double-authentification/", "/compte/mot-de-passe/"):
        assert browser.get(url).url.startswith("/compte/connexion/"), url
    assert results(carole) == []


def test_without_a_password_there_is_no_second_stage(browser):
    for url in (SECOND_FACTOR, f"{SECOND_FACTOR}code-de-secours/", "/compte/connexion/perdu/"):
        assert browser.get(url).url == "/compte/connexion/", url
    assert browser.post("/compte/connexion/perdu/rendez-vous/", {"contact": "06"}).url == "/compte/connexion/"


def test_the_half_open_stage_ends_after_ten_minutes(browser, carole):
    half_open(browser, carole)
    session = browser.session
    session["second_factor"] |= {"at": time.time() - 601}
    session.save()
    assert show(browser, totp_code()).url == "/compte/connexion/"


def test_the_half_open_stage_dies_with_the_password(browser, carole):
    half_open(browser, carole)
    carole.set_password("Tracteur-bleu-7-lune")
    carole.save()
    assert show(browser, totp_code()).url == "/compte/connexion/"


def test_the_half_open_stage_dies_with_the_account(browser, carole, admin):
    half_open(browser, carole)
    account_suspend(account=carole, acting_user=admin)
    assert show(browser, totp_code()).url == "/compte/connexion/"


def test_the_next_page_is_followed_after_the_code(browser, carole):
    half_open(browser, carole, next="/compte/sessions/")
    assert show(browser, totp_code()).url == "/compte/sessions/"


def test_a_code_is_accepted_once(browser, carole):
    half_open(browser, carole)
    show(browser, totp_code())
    other = SecureClient()
    half_open(other, carole)
    assert "a déjà servi" in show(other, totp_code()).content.decode()
    assert show(other, totp_code(1)).status_code == 302


def test_an_older_code_is_refused_after_a_newer_one(carole):
    assert totp_use(account=carole, code=totp_code()) == CodeCheck.RIGHT
    assert totp_use(account=carole, code=totp_code(-1)) == CodeCheck.USED


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_the_same_moment_get_one_right_answer(carole):
    code = totp_code()

    def attempt(_):
        try:
            return totp_use(account=carole, code=code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(8)))
    assert answers.count(CodeCheck.RIGHT) == 1


@pytest.mark.parametrize(("steps", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_away(carole, monkeypatch, steps, accepted):
    now = 1_800_000_000
    monkeypatch.setattr("ecritoire.accounts.services.totp.time.time", lambda: now)
    code = pyotp.TOTP(TOTP_SECRET).generate_otp(now // 30 + steps)
    assert (totp_use(account=carole, code=code) == CodeCheck.RIGHT) == accepted


def test_codes_cannot_be_guessed_from_one_place(browser, carole):
    half_open(browser, carole)
    wrong = f"{(int(totp_code()) + 7) % 1_000_000:06d}"
    for _ in range(5):
        assert show(browser, wrong).status_code == 200
    answer = show(browser, totp_code())
    assert answer.status_code == 429
    assert "Trop de codes faux" in answer.content.decode()
    assert results(carole) == ["wrong_code"] * 5 + ["locked"]


def test_codes_cannot_be_guessed_from_many_places(browser, carole):
    for rank in range(20):
        SignInEvent.objects.create(
            account=carole, login=carole.login, protocol="web", result="wrong_code", address=f"203.0.113.{rank}"
        )
    half_open(browser, carole)
    assert show(browser, totp_code()).status_code == 429


def test_the_right_password_does_not_forget_wrong_codes(browser, carole):
    for _ in range(5):
        half_open(browser, carole)
        show(browser, "000000")
    assert half_open(browser, carole).status_code == 429


def test_support_unlocks_codes_too(browser, carole, admin):
    for rank in range(20):
        SignInEvent.objects.create(
            account=carole, login=carole.login, protocol="web", result="wrong_code", address=f"203.0.113.{rank}"
        )
    account_unlock(account=carole, acting_user=admin)
    half_open(browser, carole)
    assert show(browser, totp_code()).status_code == 302


def test_the_secret_is_encrypted_at_rest(carole):
    assert TOTP_SECRET not in TotpFactor.objects.get(account=carole).secret


def test_the_session_remembers_how_its_owner_signed_in(browser, carole):
    half_open(browser, carole)
    show(browser, totp_code())
    assert browser.session["amr"] == ["pwd", "otp", "mfa"]


def test_a_forgotten_password_does_not_go_round_the_second_factor(browser, carole):
    tasks.send_reset_code(login=carole.login)
    code = next(line.strip() for line in mail.outbox[-1].body.splitlines() if line.strip().isdigit())
    browser.post("/compte/oubli/", {"login": carole.login})
    for answer in ("rue des Lilas", "astronaute"):
        if browser.post("/compte/oubli/verification/", {"code": code, "answer": answer}).status_code == 302:
            break
        tasks.send_reset_code(login=carole.login)
        code = next(line.strip() for line in mail.outbox[-1].body.splitlines() if line.strip().isdigit())
    new = "Tracteur-bleu-7-lune"
    browser.post("/compte/oubli/mot-de-passe/", {"new_password": new, "repeat": new})
    assert browser.post("/compte/connexion/", {"login": carole.login, "password": new}).url == SECOND_FACTOR


def test_a_sign_in_with_a_code_costs_a_bounded_number_of_queries(browser, carole, django_assert_max_num_queries):
    half_open(browser, carole)
    with django_assert_max_num_queries(23):
        show(browser, totp_code())


def test_an_old_failure_no_longer_counts(browser, carole):
    for rank in range(20):
        event = SignInEvent.objects.create(
            account=carole, login=carole.login, protocol="web", result="wrong_code", address=f"203.0.113.{rank}"
        )
        SignInEvent.objects.filter(pk=event.pk).update(at=timezone.now() - dt.timedelta(days=1, minutes=1))
    half_open(browser, carole)
    assert show(browser, totp_code()).status_code == 302
