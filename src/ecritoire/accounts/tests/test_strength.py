"""What the page shows while a password is typed comes from the rules that judge it."""

import pytest

from ecritoire.accounts.services.passwords import password_faults

URL = "/compte/mot-de-passe/force/"
pytestmark = pytest.mark.django_db


def test_it_works(sign_in, anne):
    answer = sign_in(anne).post(URL, {"new_password": "Tracteur-bleu-7-lune"}).json()
    assert answer["rules"] == {"four": True, "three": True, "words": False}
    assert (answer["score"], answer["faults"]) == (4, [])
    assert answer["label"] == "Accepté, excellent"


def test_a_refused_one_gets_the_form_s_own_words(sign_in, anne):
    answer = sign_in(anne).post(URL, {"new_password": "Password123!"}).json()
    assert answer["faults"] == password_faults(password="Password123!", account=anne)
    assert answer["score"] <= 2


def test_a_keystroke_costs_no_hash(sign_in, anne, monkeypatch):
    browser = sign_in(anne)
    monkeypatch.setattr("ecritoire.accounts.hashers.OwaspArgon2Hasher.verify", lambda *a: pytest.fail("hashed"))
    browser.post(URL, {"new_password": "Tracteur-bleu-7-lune"})


def test_only_for_whoever_may_choose_a_password(browser):
    assert browser.post(URL, {"new_password": "x"}).status_code == 403


def test_a_password_never_travels_in_an_address(sign_in, anne):
    assert sign_in(anne).get(URL + "?new_password=x").status_code == 405
