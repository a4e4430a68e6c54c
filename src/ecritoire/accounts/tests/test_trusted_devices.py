"""A browser that need not show the second factor for a while."""

import datetime as dt

import pytest
from django.utils import timezone

from conftest import PASSWORD, SECOND_FACTOR, SecureClient, enrol_totp, totp_code
from ecritoire.accounts.models import AccessPolicy, Population, TotpFactor, TrustedDevice
from ecritoire.accounts.services import access_revoke

pytestmark = pytest.mark.django_db
COOKIE = "__Host-device"


@pytest.fixture
def carole(make_account):
    account = make_account("Carole", "Vernet")
    enrol_totp(account)
    return account


@pytest.fixture
def dora(make_account):
    account = make_account("Dora", "Petit")
    enrol_totp(account)
    return account


def password(browser, account, **extra):
    return browser.post("/compte/connexion/", {"login": account.login, "password": PASSWORD, **extra}).url


def trust(browser, account):
    password(browser, account)
    TotpFactor.objects.filter(account=account).update(last_step=0)
    browser.post(SECOND_FACTOR, {"code": totp_code(), "trust": "on"})
    browser.post("/compte/deconnexion/")


def test_it_works(browser, carole):
    trust(browser, carole)
    assert password(browser, carole) == "/"
    assert TrustedDevice.objects.get().last_used_at is not None


def test_the_cookie_is_locked_to_the_host_and_hidden_from_scripts(browser, carole):
    trust(browser, carole)
    cookie = browser.cookies[COOKIE]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 30 * 86_400
    assert cookie.value not in TrustedDevice.objects.get().token_hash


def test_another_browser_is_asked(browser, carole):
    trust(browser, carole)
    assert password(SecureClient(), carole) == SECOND_FACTOR


def test_a_cookie_carried_to_another_account_is_refused(browser, carole, dora):
    trust(browser, carole)
    assert password(browser, dora) == SECOND_FACTOR


def test_it_is_not_offered_on_a_shared_computer(browser, carole):
    password(browser, carole, public_computer="on")
    assert "Ne plus demander" not in browser.get(SECOND_FACTOR).content.decode()
    browser.post(SECOND_FACTOR, {"code": totp_code(), "trust": "on"})
    assert not TrustedDevice.objects.exists()


def test_trust_ends_with_its_days(browser, carole):
    trust(browser, carole)
    TrustedDevice.objects.update(created_at=timezone.now() - dt.timedelta(days=30, minutes=1))
    assert password(browser, carole) == SECOND_FACTOR


def test_a_stricter_policy_holds_for_devices_trusted_before(browser, carole):
    trust(browser, carole)
    AccessPolicy.objects.create(population=Population.TEACHER, trusted_days=0)
    assert password(browser, carole) == SECOND_FACTOR
    assert "Ne plus demander" not in browser.get(SECOND_FACTOR).content.decode()


def test_its_owner_sees_it_and_takes_it_back(browser, carole):
    trust(browser, carole)
    password(browser, carole)
    assert "Firefox, Linux" in browser.get("/compte/sessions/").content.decode().partition('id="appareils"')[2]
    browser.post(f"/compte/appareils/{TrustedDevice.objects.get().pk}/retrait/")
    browser.post("/compte/deconnexion/")
    assert password(browser, carole) == SECOND_FACTOR


def test_nobody_takes_back_another_s(browser, sign_in, carole, boris):
    trust(browser, carole)
    device = TrustedDevice.objects.get()
    assert sign_in(boris).post(f"/compte/appareils/{device.pk}/retrait/").status_code == 404
    assert TrustedDevice.objects.exists()


def test_a_new_password_forgets_every_device(browser, carole):
    trust(browser, carole)
    password(browser, carole)
    new = "Tracteur-bleu-7-lune"
    browser.post("/compte/mot-de-passe/", {"current_password": PASSWORD, "new_password": new, "repeat": new})
    assert not TrustedDevice.objects.exists()


def test_closing_every_door_forgets_every_device(browser, carole):
    trust(browser, carole)
    access_revoke(account=carole, acting_user=None, reason="test")
    assert not TrustedDevice.objects.exists()
