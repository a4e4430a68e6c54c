"""Signing in with another identity provider: an existing account, well proven, or nothing."""

import time
from urllib.parse import urlsplit

import pytest
from joserfc.jwk import RSAKey

from ecritoire.accounts.models import Account, SignInEvent
from ecritoire.common.models import AuditEvent
from launcher.config import UpstreamSection

from .upstream_party import CLIENT, SECRET, Provider, asked_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings, tmp_path):
    made = Provider()
    (tmp_path / "secret").write_text(SECRET)
    # The settings file only takes https; the test's provider has no certificate.
    upstream = UpstreamSection().model_copy(
        update={"issuer": made.issuer, "client_id": CLIENT, "client_secret_file": str(tmp_path / "secret")}
    )
    settings.CONFIG = settings.CONFIG.model_copy(update={"upstream": upstream})
    yield made
    made.server.shutdown()
    made.server.server_close()


def leave(browser, following=""):
    return browser.get("/sso/amont/", {"next": following})["Location"]


def come_back(browser, provider, location):
    back = urlsplit(provider.consent(asked_of(location)))
    assert back.path == "/sso/amont/retour"
    return browser.get(f"{back.path}?{back.query}")


def enter(browser, provider, following=""):
    return come_back(browser, provider, leave(browser, following))


def is_in(browser):
    return browser.get("/").status_code == 200


def person(account, **values):
    return {"sub": "p-1", "email": account.login, "email_verified": True, "given_name": "Anne"} | values


@pytest.mark.parametrize("signed", [True, False])
def test_it_works(browser, anne, provider, signed):
    provider.person, provider.signed = person(anne), signed
    page = browser.get("/compte/connexion/?next=/courrier/").content.decode()
    assert "Se connecter avec ProConnect" in page
    location = leave(browser, "/courrier/")
    asked = asked_of(location)
    assert asked["code_challenge_method"] == "S256"
    assert asked["nonce"]
    assert come_back(browser, provider, location)["Location"] == "/courrier/"
    assert is_in(browser)
    event = SignInEvent.objects.get(account=anne)
    assert event.application.startswith("ProConnect")
    assert browser.session["amr"] == ["pwd"]


def test_no_button_where_it_is_not_set(browser, db):
    assert "sso/amont" not in browser.get("/compte/connexion/").content.decode()
    assert browser.get("/sso/amont/").status_code == 404
    assert browser.get("/sso/amont/retour").status_code in {302, 404}


def test_by_uid(browser, anne, provider):
    provider.person = {"sub": "p-1", "uid": anne.login.split("@")[0]}
    enter(browser, provider)
    assert is_in(browser)


def test_a_second_factor_there_counts_here(browser, anne, provider):
    provider.person, provider.amr = person(anne), ["pwd", "mfa", "inventé"]
    enter(browser, provider)
    assert browser.session["amr"] == ["pwd", "mfa"]


@pytest.mark.parametrize(
    "values",
    [{"email_verified": False}, {"email_verified": None}, {"email_verified": "true"}, {"email": "x@ailleurs.test"}],
)
def test_an_address_that_is_not_proven_opens_nothing(browser, anne, provider, values):
    provider.person = person(anne, **values)
    assert enter(browser, provider)["Location"] == "/compte/connexion/"
    assert not is_in(browser)
    assert "aucun compte actif" in browser.get("/compte/connexion/").content.decode()


def test_no_account_is_ever_made(browser, anne, provider):
    before = Account.objects.count()
    provider.person = {"sub": "p-9", "email": "nouveau@ac-valmont.test", "email_verified": True}
    enter(browser, provider)
    assert Account.objects.count() == before


@pytest.mark.parametrize("state", [Account.State.PROVISIONED, Account.State.SUSPENDED, Account.State.DEACTIVATED])
def test_only_an_activated_account(browser, anne, provider, state):
    Account.objects.filter(pk=anne.pk).update(state=state)
    provider.person = person(anne)
    enter(browser, provider)
    assert not is_in(browser)


def test_suspended_after_being_tied(browser, anne, provider):
    provider.person = person(anne)
    enter(browser, provider)
    browser.post("/compte/deconnexion/")
    Account.objects.filter(pk=anne.pk).update(state=Account.State.SUSPENDED)
    enter(browser, provider)
    assert not is_in(browser)


def test_once_tied_only_the_same_subject_enters(browser, anne, boris, provider):
    provider.person = person(anne)
    enter(browser, provider)
    assert AuditEvent.objects.get(action="upstream.tie").target == anne.login
    browser.post("/compte/deconnexion/")
    provider.person = person(anne, sub="p-2")
    enter(browser, provider)
    assert not is_in(browser)
    provider.person = {"sub": "p-1", "email": boris.login, "email_verified": True}
    enter(browser, provider)
    assert browser.session["_auth_user_id"] == str(anne.pk)


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "autre"},
        {"aud": "autre-client"},
        {"iss": "https://mechant.test"},
        {"exp": int(time.time()) - 3600},
        {"sub": "p-2"},
    ],
)
@pytest.mark.parametrize("signed", [True, False])
def test_an_id_token_that_does_not_hold(browser, anne, provider, changes, signed):
    provider.person, provider.changes, provider.signed = person(anne), changes, signed
    if "sub" in changes and signed:
        provider.userinfo_sub = "p-1"
        provider.signed = False
    assert enter(browser, provider)["Location"] == "/compte/connexion/"
    assert not is_in(browser)


def test_a_signature_of_another_key(browser, anne, provider):
    provider.person = person(anne)
    provider.signing_key = RSAKey.generate_key(2048, {"kid": "k1"})
    enter(browser, provider)
    assert not is_in(browser)


def test_userinfo_of_somebody_else(browser, anne, provider):
    provider.person, provider.userinfo_sub = person(anne), "p-2"
    enter(browser, provider)
    assert not is_in(browser)


def test_the_state_must_come_back(browser, anne, provider):
    provider.person = person(anne)
    location = leave(browser)
    asked = asked_of(location) | {"state": "autre"}
    back = urlsplit(provider.consent(asked))
    browser.get(f"{back.path}?{back.query}")
    assert not is_in(browser)


def test_an_arrival_without_departure(browser, anne, provider):
    provider.person = person(anne)
    back = urlsplit(provider.consent(asked_of(leave(browser))))
    from conftest import SecureClient

    victim = SecureClient()
    victim.get(f"{back.path}?{back.query}")
    assert not is_in(victim)


def test_an_arrival_is_good_once(browser, anne, provider):
    provider.person = person(anne)
    location = leave(browser)
    back = urlsplit(provider.consent(asked_of(location)))
    browser.get(f"{back.path}?{back.query}")
    browser.post("/compte/deconnexion/")
    browser.get(f"{back.path}?{back.query}")
    assert not is_in(browser)


def test_another_issuer_in_the_answer(browser, anne, provider):
    provider.person = person(anne)
    back = urlsplit(provider.consent(asked_of(leave(browser))))
    browser.get(f"{back.path}?{back.query.split('&iss=')[0]}&iss=https%3A%2F%2Fmechant.test")
    assert not is_in(browser)


def test_a_provider_that_is_away(browser, anne, provider):
    provider.server.shutdown()
    provider.server.server_close()
    assert leave(browser) == "/compte/connexion/"
    assert "pas abouti" in browser.get("/compte/connexion/").content.decode()


def test_only_our_own_pages_are_gone_on_to(browser, anne, provider):
    provider.person = person(anne)
    assert enter(browser, provider, "https://mechant.test/")["Location"] == "/"


def test_a_secret_that_cannot_be_read(browser, anne, provider, settings):
    from ecritoire.portal.checks import upstream_check

    assert upstream_check(None) == []
    upstream = settings.CONFIG.upstream.model_copy(update={"client_secret_file": "/nulle/part"})
    settings.CONFIG = settings.CONFIG.model_copy(update={"upstream": upstream})
    assert [fault.id for fault in upstream_check(None)] == ["portal.E001"]
    assert leave(browser) == "/compte/connexion/"
