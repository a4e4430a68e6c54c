"""Asking for help without signing in: passed on with what is known, and it tells nobody who exists."""

import pytest

from ecritoire.accounts.services import HelpKind
from ecritoire.accounts.signals import help_requested

URL = "/compte/oubli/aide/"
NOBODY = "personne@ac-valmont.test"
pytestmark = pytest.mark.django_db


@pytest.fixture
def requests():
    """What a room above would receive."""
    seen = []

    def receive(**kwargs):
        seen.append(kwargs)

    help_requested.connect(receive)
    yield seen
    help_requested.disconnect(receive)


def ask(browser, login, **values):
    return browser.post(URL, {"login": login, "contact": "06 00 00 00 00", "text": "Adresse abandonnée", **values})


def test_it_works(browser, anne, requests):
    for _ in range(3):
        browser.post("/compte/connexion/", {"login": anne.login, "password": "faux"})
    browser.post("/compte/oubli/", {"login": anne.login})
    browser.post("/compte/oubli/verification/", {"code": "000000", "answer": "non"})
    page = browser.get(URL).content.decode()
    assert f'value="{anne.login}"' in page
    assert "3 essais échoués" in page
    assert "Demande transmise" in ask(browser, anne.login.partition("@")[0]).content.decode()
    (request,) = requests
    assert (request["account"], request["login"], request["kind"]) == (anne, anne.login, HelpKind.FORGOTTEN_PASSWORD)
    assert (request["contact"], request["urgent"]) == ("06 00 00 00 00", False)
    assert request["facts"]["failed_attempts"] == "3"
    assert request["facts"]["codes_tried"] == "1"
    assert request["facts"]["address"] == "192.0.2.10"


def test_a_name_nobody_has_gets_the_same_page(browser, anne, requests):
    pages = [ask(browser, login).content.decode() for login in (anne.login, NOBODY)]
    for page in pages:
        assert "Si cet identifiant est celui d'un compte" in page.replace("&#x27;", "'")
    assert len(pages[0]) == len(pages[1])
    assert requests[1]["account"] is None


def test_three_a_day_for_one_name(browser, anne, requests):
    answers = [ask(browser, anne.login).content.decode() for _ in range(4)]
    assert "appelez l" in answers[-1]
    assert len(requests) == 3


def test_thirty_a_day_from_one_address(browser, db, requests):
    for number in range(31):
        ask(browser, f"nom.{number}")
    assert len(requests) == 30


def test_how_to_be_reached_is_asked_for(browser, anne, requests):
    assert "Ce champ est obligatoire" in ask(browser, anne.login, contact="").content.decode()
    assert not requests


def test_the_sign_in_page_leads_there_with_the_name(browser, anne):
    page = browser.post("/compte/connexion/", {"login": anne.login, "password": "faux"}).content.decode()
    assert f"{URL}?login=anne.durand" in page
