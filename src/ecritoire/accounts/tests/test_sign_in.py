"""Signing in to the pages."""

import datetime as dt

import pytest
from django.utils import timezone

from conftest import PASSWORD
from ecritoire.accounts.models import Account, AccountSession, SignInEvent

URL = "/compte/connexion/"
pytestmark = pytest.mark.django_db


def attempt(browser, login, password, **extra):
    return browser.post(URL, {"login": login, "password": password, **extra})


def test_it_works(browser, anne):
    answer = attempt(browser, anne.login, PASSWORD)
    assert (answer.status_code, answer.url) == (302, "/")
    assert anne.login in browser.get("/").content.decode()
    event = SignInEvent.objects.get()
    assert (event.account, event.result, event.protocol, event.address) == (anne, "success", "web", "192.0.2.10")


def test_the_domain_may_be_left_out_and_capitals_do_not_count(browser, anne):
    assert attempt(browser, anne.login.partition("@")[0].upper(), PASSWORD).status_code == 302


def test_a_stranger_sees_the_sign_in_page(browser):
    assert browser.get("/").url == f"{URL}?next=/"


def test_wrong_password_and_unknown_name_are_answered_alike(browser, anne):
    wrong = attempt(browser, anne.login, "faux").content.decode()
    unknown = attempt(browser, "personne@ac-valmont.test", "faux").content.decode()
    assert "Identifiant ou mot de passe incorrect" in wrong
    assert wrong.count("incorrect") == unknown.count("incorrect")
    assert list(SignInEvent.objects.order_by("id").values_list("result", flat=True)) == [
        "wrong_password",
        "unknown_login",
    ]


def test_after_five_failures_even_the_right_password_waits(browser, anne):
    for _ in range(5):
        attempt(browser, anne.login, "faux")
    answer = attempt(browser, anne.login, PASSWORD)
    assert answer.status_code == 429
    assert "Trop d&#x27;essais" in answer.content.decode()
    assert SignInEvent.objects.latest("id").result == "locked"


def test_a_colleague_behind_the_same_address_is_not_locked(browser, anne, boris):
    for _ in range(6):
        attempt(browser, anne.login, "faux")
    assert attempt(browser, boris.login, PASSWORD).status_code == 302


def test_the_lock_opens_by_itself(browser, anne):
    for _ in range(5):
        attempt(browser, anne.login, "faux")
    SignInEvent.objects.update(at=timezone.now() - dt.timedelta(minutes=2))
    assert attempt(browser, anne.login, PASSWORD).status_code == 302


def test_twenty_five_failures_in_a_day_lock_until_tomorrow(browser, anne):
    now = timezone.now()
    for rank in range(25):
        event = SignInEvent.objects.create(
            login=anne.login, protocol="web", result="wrong_password", address="192.0.2.10"
        )
        SignInEvent.objects.filter(pk=event.pk).update(at=now - dt.timedelta(hours=20, minutes=-rank))
    assert attempt(browser, anne.login, PASSWORD).status_code == 429


def test_an_expired_temporary_password_says_what_to_do(browser, make_account):
    account = make_account(
        state=Account.State.PROVISIONED, temporary_password_expires_at=timezone.now() - dt.timedelta(1)
    )
    answer = attempt(browser, account.login, PASSWORD)
    assert "a expiré. Demandez une nouvelle lettre" in answer.content.decode()


def test_a_suspended_account_stays_out(browser, make_account):
    account = make_account(state=Account.State.SUSPENDED)
    assert "Ce compte est fermé" in attempt(browser, account.login, PASSWORD).content.decode()


def test_the_next_page_is_one_of_ours(browser, anne):
    assert attempt(browser, anne.login, PASSWORD, next="https://ailleurs.test/").url == "/"


def test_the_next_page_is_followed(browser, anne):
    assert attempt(browser, anne.login, PASSWORD, next="/compte/sessions/").url == "/compte/sessions/"


def test_the_next_page_outlives_a_wrong_password(browser, anne):
    page = attempt(browser, anne.login, "faux", next="/compte/sessions/").content.decode()
    assert 'name="next" value="/compte/sessions/"' in page


def test_the_session_changes_its_key_and_knows_its_owner(browser, anne):
    browser.get(URL)
    attempt(browser, anne.login, PASSWORD)
    session = AccountSession.objects.get()
    assert (session.account, session.address) == (anne, "192.0.2.10")
    assert "Firefox" in session.user_agent


def test_an_idle_session_ends(browser, anne):
    attempt(browser, anne.login, PASSWORD)
    session = browser.session
    session["seen"] -= 2 * 3600
    session.save()
    assert browser.get("/").status_code == 302
    assert not AccountSession.objects.filter(account=anne).exists()


def test_a_shared_computer_is_forgotten_after_fifteen_minutes(browser, anne):
    attempt(browser, anne.login, PASSWORD, public_computer="on")
    session = browser.session
    session["seen"] -= 16 * 60
    session.save()
    assert browser.get("/").status_code == 302


def test_signing_out_ends_the_session(browser, anne):
    attempt(browser, anne.login, PASSWORD)
    assert browser.get("/compte/deconnexion/").status_code == 405
    browser.post("/compte/deconnexion/")
    assert browser.get("/").status_code == 302


def test_a_sign_in_costs_a_bounded_number_of_queries(browser, anne, django_assert_max_num_queries):
    browser.get(URL)
    with django_assert_max_num_queries(18):
        attempt(browser, anne.login, PASSWORD)


@pytest.mark.parametrize("login", ["anne.durand", "nom.inconnu"])
def test_the_failure_that_locks_says_until_when(browser, anne, login):
    form = {"login": login, "password": "faux"}
    for _ in range(4):
        assert b"recommencer" not in browser.post("/compte/connexion/", form).content
    answer = browser.post("/compte/connexion/", form)
    assert answer.status_code == 429
    assert "recommencer à" in answer.content.decode()
