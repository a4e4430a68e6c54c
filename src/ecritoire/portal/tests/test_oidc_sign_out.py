"""Sign-out in both directions: a service asks for it, and every service hears of it."""

import json

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from ecritoire.accounts.models import AccountSession
from ecritoire.accounts.services import access_revoke, sessions_end
from ecritoire.accounts.services.management import account_suspend
from ecritoire.portal.models import ServiceSession
from ecritoire.portal.sso.sessions import abandoned_sessions
from ecritoire.portal.tasks import close_abandoned

from .conftest import AFTER, payload

pytestmark = pytest.mark.django_db
EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.fixture
def wiki(make_service, listener):
    return make_service(logout_url=listener.url)


@pytest.fixture
def party(sign_in, anne, wiki, relying_party):
    sign_in(anne)
    return relying_party(wiki)


def test_it_works(party, listener, run_jobs):
    claims = payload(party.enter()["id_token"])
    party.browser.post("/compte/deconnexion/")
    assert run_jobs() == 1
    keys = KeySet.import_key_set(party.browser.get("/sso/oidc/cles.json").json())
    token = jwt.decode(listener.posts[0]["logout_token"], keys, algorithms=["RS256"])
    assert token.header["typ"] == "logout+jwt"
    said = token.claims
    assert (said["sub"], said["sid"], said["aud"]) == (claims["sub"], claims["sid"], party.client_id)
    assert said["events"] == {EVENT: {}}
    assert "nonce" not in said
    assert said["exp"] - said["iat"] == 120


@pytest.mark.parametrize("how", ["closed remotely", "suspended", "revoked", "disabled"])
def test_every_way_a_session_ends(party, anne, admin, wiki, listener, run_jobs, how):
    from ecritoire.portal.sso.services import service_toggle

    party.enter()
    if how == "closed remotely":
        sessions_end(account=anne)
    elif how == "suspended":
        account_suspend(account=anne, acting_user=admin)
    elif how == "revoked":
        access_revoke(account=anne, acting_user=admin, reason="test")
    else:
        service_toggle(service=wiki, enabled=False, acting_user=admin)
    assert run_jobs() == 1
    assert "logout_token" in listener.posts[0]


def test_another_browser_s_sessions_stay(party, anne, run_jobs):
    from conftest import PASSWORD, SecureClient

    party.enter()
    other = SecureClient()
    other.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD})
    other.post("/compte/deconnexion/")
    assert run_jobs() == 0
    assert ServiceSession.objects.filter(ended_at=None).count() == 1


def test_signing_in_again_keeps_the_services(party, anne, run_jobs):
    from conftest import PASSWORD

    party.enter()
    following = party.browser.get(party.authorize(prompt="login")["Location"]).context["next"]
    party.browser.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD, "next": following})
    assert not abandoned_sessions().exists(), "the new session key was not followed"
    sessions_end(account=anne)
    assert run_jobs() == 1


def test_a_session_that_ran_out_takes_its_services_with_it(party, anne, run_jobs):
    party.enter()
    AccountSession.objects.filter(account=anne).delete()
    close_abandoned(0)
    assert run_jobs() == 1


def test_a_service_that_is_away_is_told_again(party, listener, run_jobs):
    import httpx

    party.enter()
    party.browser.post("/compte/deconnexion/")
    listener.status = 503
    with pytest.raises(httpx.HTTPStatusError):
        run_jobs()


def test_a_service_without_address_is_left_alone(sign_in, anne, make_service, relying_party, run_jobs, listener):
    sign_in(anne)
    relying_party(make_service()).enter()
    sessions_end(account=anne)
    run_jobs()
    assert listener.posts == []


def sign_out(party, tokens, **extra):
    asked = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": AFTER, "state": "fin"} | extra
    return party.browser.get("/sso/oidc/deconnexion", {k: v for k, v in asked.items() if v})


def test_a_service_of_this_session_signs_out_without_a_question(party):
    answer = sign_out(party, party.enter())
    assert answer["Location"] == f"{AFTER}?state=fin"
    assert party.browser.get("/")["Location"].startswith("/compte/connexion/")


@pytest.mark.parametrize("forged", ["", "a.b.c"])
def test_without_proof_the_person_is_asked(party, forged):
    tokens = party.enter()
    answer = sign_out(party, tokens, id_token_hint=forged, client_id=party.client_id)
    assert answer.status_code == 200
    assert party.browser.get("/").status_code == 200
    assert AFTER.removesuffix("/au-revoir") in answer["Content-Security-Policy"]
    answer = party.browser.post(answer.wsgi_request.get_full_path(), {"confirm": "yes"})
    assert answer["Location"] == f"{AFTER}?state=fin"


def test_the_question_is_protected_from_other_sites(party, anne):
    from conftest import SecureClient

    party.browser.post("/compte/deconnexion/")
    strict = SecureClient(enforce_csrf_checks=True)
    strict.cookies = party.browser.cookies
    strict.force_login(anne)
    assert strict.post("/sso/oidc/deconnexion", {"confirm": "yes"}).status_code == 403
    assert strict.get("/").status_code == 200


@pytest.mark.parametrize("address", ["https://mechant.test/", f"{AFTER}/plus", "javascript:alert(1)"])
def test_nobody_is_sent_to_an_unknown_address(party, address):
    answer = sign_out(party, party.enter(), post_logout_redirect_uri=address)
    assert answer.status_code == 400
    assert party.browser.get("/").status_code == 200


def test_an_id_token_of_another_service_is_no_proof(party, make_service, relying_party):
    other = relying_party(make_service(name="Autre"))
    answer = sign_out(party, other.enter(), client_id=party.client_id)
    assert answer.status_code == 400


def test_discovery_tells_the_truth(browser, db):
    told = json.loads(browser.get("/sso/oidc/.well-known/openid-configuration").content)
    assert told["backchannel_logout_supported"] is True
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["response_types_supported"] == ["code"]
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "end_session_endpoint", "jwks_uri"):
        path = told[name].split("/", 3)[3]
        assert browser.get(f"/{path}").status_code != 404, name
