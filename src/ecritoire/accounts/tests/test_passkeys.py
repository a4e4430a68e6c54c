"""Passkeys, with a key in software: the second factor, the first one, and everything that is not quite one."""

from typing import Any

import pytest

from conftest import PASSWORD, SECOND_FACTOR, SecureClient
from ecritoire.accounts.models import Account, Passkey, SignInEvent
from ecritoire.common.models import AuditEvent

from .soft_key import FLAG, SoftKey

pytestmark = pytest.mark.django_db
KEYS = "/compte/double-authentification/cles/"
FIRST = "/compte/connexion/cle/"


def confirm(browser):
    browser.post("/compte/double-authentification/confirmation/", {"current_password": PASSWORD})
    return browser


def add(browser, key=None, name="Mon téléphone"):
    key = key or SoftKey()
    options = browser.post(f"{KEYS}options/").json()
    answer = browser.post(KEYS, {"name": name, "answer": key.register(options)})
    return key, answer


def first(browser, key, **extra):
    return browser.post(FIRST, {"answer": key.sign(browser.post(f"{FIRST}options/").json()), **extra})


@pytest.fixture
def key(sign_in, anne):
    """Anne's key; she is signed out."""
    browser = confirm(sign_in(anne))
    key, _ = add(browser)
    browser.post("/compte/deconnexion/")
    return key


def test_it_works(browser, key, anne):
    assert first(browser, key).url == "/"
    assert anne.login in browser.get("/").content.decode()
    assert SignInEvent.objects.latest("id").result == "success"
    assert browser.session["amr"] == ["hwk", "user", "mfa"]


def test_it_is_a_second_factor_after_the_password(browser, key, anne):
    assert browser.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD}).url == SECOND_FACTOR
    options = browser.post(f"{SECOND_FACTOR}cle/options/").json()
    assert [row["id"] for row in options["allowCredentials"]] == [Passkey.objects.get().credential_id]
    assert browser.post(f"{SECOND_FACTOR}cle/", {"answer": key.sign(options)}).url == "/"


def test_the_browser_is_asked_for_a_discoverable_key_with_the_person_verified(sign_in, anne):
    options = confirm(sign_in(anne)).post(f"{KEYS}options/").json()
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert anne.login not in options["user"]["id"]


def test_an_answer_serves_once(browser, key):
    answer = key.sign(browser.post(f"{FIRST}options/").json())
    browser.post(FIRST, {"answer": answer})
    browser.post("/compte/deconnexion/")
    assert browser.post(FIRST, {"answer": answer}).url == "/compte/connexion/"


def test_an_answer_of_another_window_is_refused(browser, key):
    answer = key.sign(browser.post(f"{FIRST}options/").json())
    thief: Any = SecureClient()
    thief.post(f"{FIRST}options/")
    assert thief.post(FIRST, {"answer": answer}).url == "/compte/connexion/"
    assert "_auth_user_id" not in thief.session


def test_an_answer_for_a_confirmation_signs_nobody_in(browser, sign_in, key, anne):
    assert first(browser, key).url == "/"
    answer = key.sign(browser.post("/compte/double-authentification/confirmation/options/").json())
    browser.post("/compte/deconnexion/")
    assert browser.post(FIRST, {"answer": answer}).url == "/compte/connexion/"


@pytest.mark.parametrize(
    "change",
    [
        {"_origin": "https://ac-valmont.voleur.test"},
        {"_rp_hash": bytes(32)},
        {"flags": FLAG.UP},
        {"user_handle": bytes(32)},
    ],
    ids=["phishing page", "other site's key", "person not verified", "somebody else's key"],
)
def test_what_is_not_quite_a_key_of_ours_is_refused(browser, key, change):
    vars(key).update(change)
    assert first(browser, key).url == "/compte/connexion/"
    assert SignInEvent.objects.latest("id").result == "wrong_code"


def test_a_copied_key_is_refused_and_told(browser, key):
    for _ in range(3):
        first(browser, key)
        browser.post("/compte/deconnexion/")
    key.counter = 1
    assert first(browser, key).url == "/compte/connexion/"
    assert AuditEvent.objects.filter(action="factor.copied").exists()


def test_a_key_that_does_not_count_may_always_say_zero(browser, key):
    for _ in range(2):
        key.counter = -1
        assert first(browser, key).url == "/"
        browser.post("/compte/deconnexion/")


def test_a_forged_signature_is_refused(browser, key):
    forger = SoftKey()
    forger._id, forger.user_handle = key._id, key.user_handle
    assert first(browser, forger).url == "/compte/connexion/"


def test_nonsense_is_refused(browser, key):
    for answer in ("", "{}", "[]", "{", '{"id": 1}', f'{{"id": "{Passkey.objects.get().credential_id}"}}'):
        browser.post(f"{FIRST}options/")
        assert browser.post(FIRST, {"answer": answer}).url == "/compte/connexion/", answer


def test_a_colleague_s_key_does_not_pass_the_second_stage(browser, key, anne, sign_in, boris):
    window = confirm(sign_in(boris))
    other, _ = add(window)
    window.post("/compte/deconnexion/")
    window.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD})
    options = window.post(f"{SECOND_FACTOR}cle/options/").json()
    assert window.post(f"{SECOND_FACTOR}cle/", {"answer": other.sign(options)}).url == SECOND_FACTOR


def test_a_suspended_account_s_key_opens_nothing(browser, key, anne):
    Account.objects.update(state=Account.State.SUSPENDED)
    assert first(browser, key).url == "/compte/connexion/"
    assert SignInEvent.objects.latest("id").result == "inactive"


def test_a_shared_computer_is_forgotten_soon(browser, key):
    first(browser, key, public_computer="on")
    session = browser.session
    session["seen"] -= 16 * 60
    session.save()
    assert browser.get("/").status_code == 302


def test_several_keys_are_named_renamed_and_removed(sign_in, anne, boris):
    browser = confirm(sign_in(anne))
    add(browser)
    add(browser, name="Clé USB")
    phone, usb = anne.passkeys.all()
    browser.post(f"{KEYS}{phone.pk}/nom/", {"name": "Ancien téléphone"})
    browser.post(f"{KEYS}{usb.pk}/retrait/")
    assert [row.name for row in anne.passkeys.all()] == ["Ancien téléphone"]
    other = confirm(sign_in(boris))
    assert other.post(f"{KEYS}{phone.pk}/retrait/").status_code == 404
    assert other.post(f"{KEYS}{phone.pk}/nom/", {"name": "x"}).status_code == 404


def test_the_same_key_is_not_kept_twice(sign_in, anne):
    browser = confirm(sign_in(anne))
    key, _ = add(browser)
    _, again = add(browser, key)
    assert "La clé n&#x27;a pas été enregistrée" in again.content.decode()


def test_adding_a_key_asks_for_the_password(sign_in, anne):
    browser = sign_in(anne)
    assert browser.get(KEYS).url.startswith("/compte/double-authentification/confirmation/")
    assert browser.post(f"{KEYS}options/").status_code == 302
    assert browser.post(KEYS, {"name": "x", "answer": "{}"}).status_code == 302
