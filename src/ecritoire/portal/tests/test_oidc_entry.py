"""Entering a service over OpenID Connect: who, from where, and with what in hand."""

import datetime as dt
import time

import pytest
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import KeySet

from conftest import PASSWORD
from ecritoire.accounts.models import SignInEvent
from ecritoire.common.roles import Role
from ecritoire.directory.models import Assignment
from ecritoire.portal.models import ServiceSession
from ecritoire.portal.sso.services import service_toggle

from .conftest import RETURN, answered, payload

pytestmark = pytest.mark.django_db


@pytest.fixture
def wiki(make_service):
    return make_service(claims=["given_name", "email"])


def test_it_works(sign_in, anne, wiki, relying_party):
    party = relying_party(wiki)
    sign_in(anne)
    tokens = party.enter()
    keys = KeySet.import_key_set(party.browser.get("/sso/oidc/cles.json").json())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
    assert claims["aud"] == party.client_id
    assert claims["nonce"] == "sel"
    assert claims["amr"] == ["pwd"]
    assert claims["acr"].endswith("/sfa")
    assert abs(claims["auth_time"] - time.time()) < 60
    person = party.userinfo(tokens["access_token"]).json()
    assert person == {"sub": claims["sub"], "given_name": "Anne", "email": anne.login, "email_verified": True}


def test_the_id_token_says_nothing_personal(sign_in, anne, wiki, relying_party):
    sign_in(anne)
    claims = payload(relying_party(wiki).enter()["id_token"])
    expected = {"aud", "iat", "at_hash", "sub", "iss", "exp", "auth_time", "jti", "sid", "amr", "acr", "nonce"}
    assert set(claims) <= expected


def test_a_service_learns_what_it_is_registered_for_whatever_it_asks(sign_in, anne, make_service, relying_party):
    party = relying_party(make_service(claims=["given_name"]))
    sign_in(anne)
    tokens = party.enter(scope="openid profile email uid role uai")
    assert set(party.userinfo(tokens["access_token"]).json()) == {"sub", "given_name"}


def test_two_services_cannot_compare_their_people(sign_in, anne, make_service, relying_party):
    sign_in(anne)
    subjects, sids = set(), set()
    for name in ("Un", "Deux"):
        claims = payload(relying_party(make_service(name=name)).enter()["id_token"])
        subjects.add(claims["sub"])
        sids.add(claims["sid"])
    assert len(subjects) == len(sids) == 2


def test_every_claim_there_is(sign_in, anne, make_service, relying_party, settings):
    from ecritoire.directory.models import Organisation, Structure

    Organisation.objects.update(siret="1" * 14)
    school = Structure.objects.create(
        organisation=anne.person.organisation, uai="0990001X", name="Lycée", kind="high", city="Valmont"
    )
    today = timezone.localdate()
    Assignment.objects.create(person=anne.person, structure=school, function="prof", starts_on=today, ends_on=today)
    names = ["given_name", "usual_name", "email", "uid", "siret", "organisation", "role", "uai"]
    party = relying_party(make_service(claims=names))
    sign_in(anne)
    person = party.userinfo(party.enter(scope=" ".join(["openid", *names]))["access_token"]).json()
    assert {name: person[name] for name in names} == {
        "given_name": "Anne",
        "usual_name": "Durand",
        "email": anne.login,
        "uid": anne.store_id,
        "siret": "1" * 14,
        "organisation": settings.SITE_NAME,
        "role": ["agent"],
        "uai": ["0990001X"],
    }


def test_a_stranger_signs_in_and_comes_back(browser, anne, wiki, relying_party):
    answer = relying_party(wiki).authorize()
    assert answer["Location"].startswith("/compte/connexion/?next=")
    page = browser.get(answer["Location"])
    assert "https://wiki.test" in page["Content-Security-Policy"]
    following = page.context["next"]
    fields = {"login": anne.login, "password": PASSWORD, "next": following}
    back = browser.post("/compte/connexion/", fields)
    assert back["Location"] == following
    assert browser.get(following)["Location"].startswith(f"{RETURN}?code=")
    assert "wiki.test" not in browser.get("/")["Content-Security-Policy"]


def test_a_wrong_password_does_not_lose_the_way(browser, anne, wiki, relying_party):
    following = browser.get(relying_party(wiki).authorize()["Location"]).context["next"]
    again = browser.post("/compte/connexion/", {"login": anne.login, "password": "faux", "next": following})
    assert again.context["next"] == following


def test_the_entry_is_in_the_person_s_history(sign_in, anne, wiki, relying_party):
    sign_in(anne)
    relying_party(wiki).enter()
    event = SignInEvent.objects.filter(account=anne, protocol="sso").get()
    assert (event.application, event.result) == ("Wiki", "success")


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://mechant.test/retour"},
        {"redirect_uri": f"{RETURN}/plus-loin"},
        {"redirect_uri": f"{RETURN}?a=1"},
        {"redirect_uri": "https://wiki.test@mechant.test/retour"},
        {"redirect_uri": "https://wiki.test:444/retour"},
        {"client_id": "inconnu"},
        {"client_id": None},
    ],
)
def test_nobody_is_sent_to_an_unknown_address(sign_in, anne, wiki, relying_party, changed):
    sign_in(anne)
    for prompt in (None, "none"):
        answer = relying_party(wiki).authorize(prompt=prompt, **changed)
        assert answer.status_code == 400
        assert "Location" not in answer


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"response_type": "token"}, "unauthorized_client"),
        ({"scope": "openid tout"}, "invalid_scope"),
        ({"max_age": "hier"}, "invalid_request"),
        ({"request": "a.b.c"}, "request_not_supported"),
        ({"request_uri": "https://mechant.test/"}, "request_uri_not_supported"),
    ],
)
def test_a_request_at_fault_goes_back_with_its_state(sign_in, anne, wiki, relying_party, changed, error):
    sign_in(anne)
    said = answered(relying_party(wiki).authorize(**changed))
    assert (said["error"], said["state"]) == (error, "etat")
    assert "code" not in said


def test_prompt_none_for_a_stranger(browser, wiki, relying_party):
    assert answered(relying_party(wiki).authorize(prompt="none"))["error"] == "login_required"


def test_prompt_none_for_who_is_here(sign_in, anne, wiki, relying_party):
    sign_in(anne)
    assert relying_party(wiki).code(prompt="none")


def test_prompt_login_asks_the_password_again_once(browser, sign_in, anne, wiki, relying_party):
    sign_in(anne)
    answer = relying_party(wiki).authorize(prompt="login")
    page = browser.get(answer["Location"])
    assert page.status_code == 200, "the sign-in page lets the session through"
    following = page.context["next"]
    browser.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD, "next": following})
    assert "code" in answered(browser.get(following))


def test_the_mark_of_a_new_sign_in_serves_once_and_for_one_address(browser, sign_in, anne, wiki, relying_party):
    sign_in(anne)
    following = browser.get(relying_party(wiki).authorize(prompt="login")["Location"]).context["next"]
    browser.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD, "next": following})
    other = following.replace("state=etat", "state=autre")
    assert browser.get(other)["Location"].startswith("/compte/connexion/")
    assert "code" in answered(browser.get(following))
    assert browser.get(following)["Location"].startswith("/compte/connexion/")


def test_prompt_login_is_not_answered_by_going_on(browser, sign_in, anne, wiki, relying_party):
    sign_in(anne)
    session = browser.session
    session["started"] = time.time() - 600
    session.save()
    following = browser.get(relying_party(wiki).authorize(prompt="login")["Location"]).context["next"]
    assert browser.get(following)["Location"].startswith("/compte/connexion/")


def test_max_age(browser, sign_in, anne, wiki, relying_party):
    sign_in(anne)
    session = browser.session
    session["started"] = time.time() - 600
    session.save()
    assert relying_party(wiki).code(max_age="3600")
    assert relying_party(wiki).authorize(max_age="60")["Location"].startswith("/compte/connexion/")


def test_a_second_factor_shows(browser, sign_in, anne, wiki, relying_party):
    sign_in(anne)
    session = browser.session
    session["amr"] = ["pwd", "otp"]
    session.save()
    claims = payload(relying_party(wiki).enter()["id_token"])
    assert claims["amr"] == ["pwd", "otp"]
    assert claims["acr"].endswith("/mfa")


@pytest.mark.parametrize(
    "condition", [{"roles": ["support"]}, {"audience": ["contract"]}, {"claims": [], "roles": ["security", "support"]}]
)
def test_somebody_it_is_not_for_is_told_so_here(sign_in, anne, make_service, relying_party, condition):
    sign_in(anne)
    answer = relying_party(make_service(**condition)).authorize()
    assert answer.status_code == 403
    assert "ne vous est pas ouvert" in answer.content.decode()
    assert not ServiceSession.objects.exists()


def test_a_school_s_service(sign_in, anne, boris, make_service, relying_party):
    from ecritoire.directory.models import Structure

    school = Structure.objects.create(
        organisation=anne.person.organisation, uai="0990002Y", name="Collège", kind="middle", city="Valmont"
    )
    day = timezone.localdate()
    Assignment.objects.create(person=anne.person, structure=school, function="prof", starts_on=day)
    past = timezone.localdate() - dt.timedelta(days=1)
    Assignment.objects.create(person=boris.person, structure=school, function="prof", starts_on=past, ends_on=past)
    party = relying_party(make_service(structures=[school]))
    sign_in(anne)
    assert party.code()
    sign_in(boris)
    assert party.authorize().status_code == 403


def test_a_role_opens(sign_in, make_account, make_service, relying_party):
    sign_in(make_account("Sam", "Support", Role.SUPPORT))
    assert relying_party(make_service(roles=["support"])).code()


def test_a_closed_service(sign_in, anne, wiki, relying_party):
    sign_in(anne)
    party = relying_party(wiki)
    code = party.code()
    service_toggle(service=wiki, enabled=False, acting_user=None)
    assert party.authorize().status_code == 400
    assert party.exchange(code).status_code == 400


def test_the_request_may_come_as_a_form(browser, wiki, relying_party):
    address = relying_party(wiki).address()
    path, query = address.split("?")
    answer = browser.post(path, query, content_type="application/x-www-form-urlencoded")
    assert answer["Location"].startswith(path)
