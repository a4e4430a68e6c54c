"""A shared computer: short, and the browser keeps nothing."""

import pytest

from conftest import PASSWORD, SecureClient
from ecritoire.accounts.models import AccountSession

pytestmark = pytest.mark.django_db
NEW = "Tracteur-bleu-7-lune"


@pytest.fixture
def shared(browser, anne):
    browser.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD, "public_computer": "on"})
    return browser


def test_it_works(shared):
    for url in ("/", "/compte/sessions/", "/compte/mot-de-passe/"):
        assert shared.get(url)["Cache-Control"] == "no-store"
    answer = shared.post("/compte/deconnexion/")
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_the_cookie_ends_with_the_browser(shared):
    assert shared.cookies["__Host-session"]["expires"] == ""
    assert shared.cookies["__Host-session"]["max-age"] == ""


def test_password_fields_are_not_remembered(shared):
    page = shared.get("/compte/mot-de-passe/").content.decode()
    assert page.count('autocomplete="off"') == 3
    assert "current-password" not in page


def test_it_ends_after_two_hours_whatever_happens(shared):
    session = shared.session
    session["until"] -= 2 * 3600
    session.save()
    assert shared.get("/").status_code == 302


def test_one_s_own_computer_is_left_alone(sign_in, anne):
    browser = sign_in(anne)
    assert browser.get("/").headers.get("Cache-Control") != "no-store"
    assert "current-password" in browser.get("/compte/mot-de-passe/").content.decode()
    assert "Clear-Site-Data" not in browser.post("/compte/deconnexion/").headers


def test_a_password_change_here_closes_the_others_there(sign_in, anne):
    """Two real sessions: the telephone's ends, this one goes on under the new password."""
    telephone = SecureClient()
    telephone.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD})
    assert telephone.get("/compte/sessions/").status_code == 200
    browser = sign_in(anne)
    browser.post("/compte/mot-de-passe/", {"current_password": PASSWORD, "new_password": NEW, "repeat": NEW})
    assert telephone.get("/compte/sessions/").status_code == 302
    assert browser.get("/compte/sessions/").status_code == 200
    assert AccountSession.objects.filter(account=anne).count() == 1


def test_one_s_own_session_ends_after_its_longest_time_too(sign_in, anne):
    browser = sign_in(anne)
    session = browser.session
    session["until"] -= 13 * 3600
    session.save()
    assert browser.get("/").status_code == 302
