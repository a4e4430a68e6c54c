"""Many addresses against one name, many names from one address: slowed before any hash, and nobody at home is kept out."""

from collections import Counter

import pytest

from conftest import PASSWORD
from ecritoire.accounts.hashers import OwaspArgon2Hasher
from ecritoire.accounts.models import Lockout, SignInEvent
from ecritoire.accounts.services import limits

URL = "/compte/connexion/"
WRONG = "faux"
SCHOOL = "192.0.2.10"
pytestmark = pytest.mark.django_db


@pytest.fixture
def hashes(monkeypatch):
    """Counts passwords that are hashed; the guards are there so that few are. None is right but PASSWORD."""
    seen: Counter[str] = Counter()

    def verify(self, password, encoded):
        seen["all"] += 1
        return password == PASSWORD

    def encode(self, password, salt):
        seen["all"] += 1
        return f"argon2${salt}"

    monkeypatch.setattr(OwaspArgon2Hasher, "verify", verify)
    monkeypatch.setattr(OwaspArgon2Hasher, "encode", encode)
    monkeypatch.setattr(OwaspArgon2Hasher, "must_update", lambda self, encoded: False)
    return seen


def attempt(browser, login, password=WRONG, address=SCHOOL):
    return browser.post(URL, {"login": login, "password": password}, HTTP_X_REAL_IP=address)


def spray(browser, names=200, address=SCHOOL):
    for number in range(names):
        attempt(browser, f"nom.{number}@ac-valmont.test", address=address)


def test_it_works(browser, anne, boris, hashes):
    """A school's address sprays two hundred names: Boris, who signs in from there, is not even slowed."""
    assert attempt(browser, boris.login, PASSWORD).status_code == 302
    browser.post("/compte/deconnexion/")
    hashes.clear()
    spray(browser)
    assert hashes["all"] == limits.NAMES_AN_ADDRESS + limits.TRIES_AN_ADDRESS
    assert SignInEvent.objects.filter(result="suspected").count() == 200 - hashes["all"]
    assert attempt(browser, boris.login, PASSWORD).status_code == 302


def test_the_others_there_are_told_until_when_and_get_in_elsewhere(browser, anne, hashes):
    spray(browser)
    answer = attempt(browser, anne.login, PASSWORD)
    assert answer.status_code == 429
    assert "essais suspects" in answer.content.decode()
    assert attempt(browser, anne.login, PASSWORD, "198.51.100.7").status_code == 302


def test_the_share_left_is_renewed_each_minute(browser, anne, hashes, monkeypatch):
    spray(browser)
    from django.core.cache import cache

    cache.delete(limits._key("tries", SCHOOL))
    assert attempt(browser, anne.login, PASSWORD).status_code == 302


def test_many_addresses_against_one_name(browser, anne, hashes):
    assert attempt(browser, anne.login, PASSWORD).status_code == 302
    browser.post("/compte/deconnexion/")
    hashes.clear()
    for number in range(100):
        attempt(browser, anne.login, address=f"203.0.113.{number}")
    assert hashes["all"] == limits.ADDRESSES_A_NAME + limits.TRIES_A_NAME
    assert attempt(browser, anne.login, PASSWORD, "203.0.113.200").status_code == 429
    assert attempt(browser, anne.login, PASSWORD).status_code == 302


def test_an_attack_is_one_lockout_not_thousands(browser, anne, hashes):
    for number in range(100):
        attempt(browser, anne.login, address=f"203.0.113.{number}")
    spray(browser, address="198.51.100.9")
    rows = Lockout.objects.filter(cause="suspected").values_list("login", "address")
    assert set(rows) == {(anne.login, None), ("", "198.51.100.9")}


def test_support_ends_the_watch_on_a_name(browser, anne, admin, hashes):
    from ecritoire.accounts.services.management import account_unlock

    for number in range(100):
        attempt(browser, anne.login, address=f"203.0.113.{number}")
    account_unlock(account=anne, acting_user=admin)
    assert attempt(browser, anne.login, PASSWORD, "203.0.113.200").status_code == 302


def test_a_refusal_costs_few_queries(browser, anne, hashes, django_assert_max_num_queries):
    spray(browser)
    with django_assert_max_num_queries(5):
        attempt(browser, anne.login)


def test_a_school_where_twenty_mistype_is_no_attack(browser, anne, hashes):
    spray(browser, names=limits.NAMES_AN_ADDRESS - 1)
    assert attempt(browser, anne.login, PASSWORD).status_code == 302
