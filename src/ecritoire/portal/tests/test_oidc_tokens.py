"""Tokens: given to the right client, once, and worthless as soon as the session or the access ends."""

import pytest

from ecritoire.accounts.models import Account
from ecritoire.accounts.services import access_revoke
from ecritoire.accounts.services.management import account_suspend
from ecritoire.common.models import AuditEvent
from ecritoire.portal.models import Service
from ecritoire.portal.sso.services import secret_renew
from ecritoire.portal.sso.throttle import MISTAKES_A_MINUTE

from .conftest import RelyingParty

pytestmark = pytest.mark.django_db


@pytest.fixture
def wiki(make_service):
    return make_service(claims=["given_name"])


@pytest.fixture
def party(sign_in, anne, wiki, relying_party):
    sign_in(anne)
    return relying_party(wiki)


def alive(party, tokens):
    return party.userinfo(tokens["access_token"]).status_code == 200


def test_it_works(party):
    first = party.enter()
    second = party.refresh(first["refresh_token"]).json()
    assert alive(party, second)
    assert second["refresh_token"] != first["refresh_token"]


def test_a_refresh_token_used_twice_ends_the_family(party):
    first = party.enter()
    second = party.refresh(first["refresh_token"]).json()
    assert party.refresh(first["refresh_token"]).status_code == 400
    assert not alive(party, second)
    assert party.refresh(second["refresh_token"]).status_code == 400


def test_a_code_used_twice_takes_its_tokens_back(party):
    code = party.code()
    tokens = party.exchange(code).json()
    assert alive(party, tokens)
    assert party.exchange(code).status_code == 400
    assert not alive(party, tokens)


def test_the_verifier_must_match(party):
    assert party.exchange(party.code(), code_verifier="w" * 64).json()["error"] == "invalid_grant"


def test_the_return_address_must_match(party):
    assert party.exchange(party.code(), redirect_uri="https://wiki.test/autre").status_code == 400


def test_another_client_cannot_use_the_code(party, make_service):
    other = RelyingParty(party.browser, make_service(name="Autre"))
    assert other.exchange(party.code()).status_code == 400


def test_a_wrong_secret(party):
    code, party.secret = party.code(), "faux"
    assert party.exchange(code).json()["error"] == "invalid_client"


def test_no_secret_for_a_public_client(sign_in, anne, make_service, relying_party):
    service = make_service(client_type="public")
    assert service.secret == ""
    sign_in(anne)
    party = relying_party(service)
    fields = {"grant_type": "authorization_code", "code": party.code(), "redirect_uri": "https://wiki.test/retour"}
    fields |= {"client_id": party.client_id, "code_verifier": party.verifier}
    answer = party.browser.post("/sso/oidc/jeton", fields)
    assert answer.status_code == 200, answer.content


@pytest.mark.parametrize("grant", ["password", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"])
def test_no_other_grant(party, anne, grant):
    assert party.token(grant_type=grant, username=anne.login, password="x").status_code in {400, 401}


def test_tokens_are_kept_hashed(party):
    from oauth2_provider.models import AccessToken, RefreshToken

    tokens = party.enter()
    assert not AccessToken.objects.filter(token=tokens["access_token"]).exists()
    assert not RefreshToken.objects.filter(token=tokens["refresh_token"]).exists()


def test_a_secret_is_renewed(party, wiki):
    code, former = party.code(), party.secret
    party.secret = secret_renew(service=wiki, acting_user=None)
    assert party.exchange(code).status_code == 200
    party.secret = former
    assert party.exchange(party.code()).status_code == 401


def test_no_secret_is_in_the_audit_log(party, wiki):
    secret = secret_renew(service=wiki, acting_user=None)
    told = " ".join(str(event.detail) for event in AuditEvent.objects.filter(action__startswith="service."))
    assert secret not in told
    assert party.secret not in told


def test_signing_out_ends_the_tokens(party):
    tokens = party.enter()
    party.browser.post("/compte/deconnexion/")
    assert not alive(party, tokens)
    assert party.refresh(tokens["refresh_token"]).status_code == 400


@pytest.mark.parametrize("end", ["suspend", "revoke"])
def test_losing_access_ends_the_tokens(party, anne, admin, end):
    tokens = party.enter()
    if end == "suspend":
        account_suspend(account=anne, acting_user=admin)
    else:
        access_revoke(account=anne, acting_user=admin, reason="test")
    assert not alive(party, tokens)
    assert party.refresh(tokens["refresh_token"]).status_code == 400


def test_a_code_not_yet_used_ends_with_the_session(party):
    code = party.code()
    party.browser.post("/compte/deconnexion/")
    assert party.exchange(code).status_code == 400


def test_who_lost_the_role_is_refused_at_the_next_refresh(party, wiki):
    tokens = party.enter()
    Service.objects.filter(pk=wiki.pk).update(roles=["support"])
    assert party.refresh(tokens["refresh_token"]).status_code == 400


def test_a_deactivated_account_opens_nothing(party, anne):
    tokens = party.enter()
    Account.objects.filter(pk=anne.pk).update(state=Account.State.DEACTIVATED)
    assert party.userinfo(tokens["access_token"]).status_code == 401


def test_revoking_a_token(party):
    tokens = party.enter()
    import base64

    pair = base64.b64encode(f"{party.client_id}:{party.secret}".encode()).decode()
    fields = {"token": tokens["refresh_token"]}
    assert party.browser.post("/sso/oidc/revocation", fields, HTTP_AUTHORIZATION=f"Basic {pair}").status_code == 200
    assert not alive(party, tokens)


def test_mistakes_are_limited_and_successes_are_not(party):
    good, secret = party.secret, "faux"
    party.secret = secret
    answers = [party.token(grant_type="authorization_code", code="x").status_code for _ in range(MISTAKES_A_MINUTE + 1)]
    assert answers[0] == 401
    assert 429 in answers[-2:]
    party.secret = good


def test_no_parameter_breaks_the_server(party):
    for path in ("autorisation", "deconnexion"):
        assert party.browser.get(f"/sso/oidc/{path}", {"client_id": "a\0b"}).status_code == 400
    assert party.exchange("a\0b").status_code == 400
    assert party.refresh("a\0b").status_code == 400
    answer = party.browser.get("/sso/cas/p3/serviceValidate", {"ticket": "ST-\0", "service": "https://a.test"})
    assert b"INVALID_TICKET_SPEC" in answer.content
    assert party.browser.get("/sso/cas/login", {"service": "https://a.test/" + "a" * 2000}).status_code == 400
