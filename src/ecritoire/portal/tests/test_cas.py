"""The CAS server: tickets for registered addresses, good once and briefly, in XML and JSON."""

import datetime as dt
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from defusedxml.ElementTree import fromstring
from django.utils import timezone

from conftest import PASSWORD, SecureClient
from ecritoire.portal.models import ServiceSession
from ecritoire.portal.sso.cas.tickets import LIFETIME

from .conftest import answered

pytestmark = pytest.mark.django_db
ADDRESS = "https://notes.test/app/accueil?classe=3"
CAS = "{http://www.yale.edu/tp/cas}"


@pytest.fixture
def notes(make_service):
    return make_service("cas", "Notes", claims=["given_name", "email", "role"])


@pytest.fixture
def here(sign_in, anne, notes):
    return sign_in(anne)


def login(browser, address=ADDRESS, **extra):
    return browser.get("/sso/cas/login", {"service": address, **extra})


def ticket(browser, **extra):
    return answered(login(browser, **extra))["ticket"]


def validate(one, address=ADDRESS, version="p3/", **extra):
    return SecureClient().get(f"/sso/cas/{version}serviceValidate", {"ticket": one, "service": address, **extra})


def code(response):
    root: Any = fromstring(response.content)
    return root.find(f"{CAS}authenticationFailure").get("code")


def test_it_works(here, anne):
    answer = login(here)
    assert answer["Location"].startswith(f"{ADDRESS}&ticket=ST-")
    root: Any = fromstring(validate(answered(answer)["ticket"]).content)
    success = root.find(f"{CAS}authenticationSuccess")
    attributes = {child.tag.removeprefix(CAS): child.text for child in success.find(f"{CAS}attributes")}
    assert success.findtext(f"{CAS}user")
    assert attributes["given_name"] == "Anne"
    assert attributes["email"] == anne.login
    assert attributes["isFromNewLogin"] == "false"
    assert "uid" not in attributes


def test_version_2_has_no_attributes(here):
    root = fromstring(validate(ticket(here), version="").content)
    assert root.find(f".//{CAS}attributes") is None
    assert root.find(f".//{CAS}user") is not None


def test_in_json(here):
    body = json.loads(validate(ticket(here), format="JSON").content)
    success = body["serviceResponse"]["authenticationSuccess"]
    assert success["attributes"]["role"] == ["agent"]
    failed = json.loads(validate("ST-inconnu", format="JSON").content)
    assert failed["serviceResponse"]["authenticationFailure"]["code"] == "INVALID_TICKET"


def test_the_user_is_the_uid_where_registered(here, anne, make_service):
    make_service("cas", "Paie", addresses=["https://paie.test"], claims=["uid"])
    one = ticket(here, address="https://paie.test/")
    assert anne.store_id in validate(one, address="https://paie.test/").content.decode()


def test_a_ticket_is_good_once(here):
    one = ticket(here)
    assert b"authenticationSuccess" in validate(one).content
    assert code(validate(one)) == "INVALID_TICKET"


def test_a_ticket_is_good_for_its_address_and_spent_by_a_mistake(here):
    one = ticket(here)
    assert code(validate(one, address="https://notes.test/app/autre")) == "INVALID_SERVICE"
    assert code(validate(one)) == "INVALID_TICKET"


def test_a_ticket_is_good_for_seconds(here):
    assert dt.timedelta(seconds=10) <= LIFETIME <= dt.timedelta(seconds=30)
    one = ticket(here)
    late = timezone.now() - LIFETIME - dt.timedelta(seconds=1)
    ServiceSession.objects.filter(handle=one).update(created_at=late)
    assert code(validate(one)) == "INVALID_TICKET"


def test_an_oidc_sid_is_not_a_ticket(here, make_service, relying_party):
    from .conftest import payload

    sid = payload(relying_party(make_service()).enter()["id_token"])["sid"]
    assert code(validate(sid)) == "INVALID_TICKET_SPEC"


@pytest.mark.parametrize(
    "address",
    [
        "https://mechant.test/app",
        "https://notes.test/appendice",
        "https://notes.test/app/../autre",
        "https://notes.test/app/%2e%2e/autre",
        "https://notes.test.mechant.test/app",
        "https://notes.test@mechant.test/app",
        "http://notes.test/app",
        "https://notes.test:8443/app",
        "https://notes.test\\@mechant.test/app",
        "javascript:alert(1)",
        "https://notes.test/app#fin",
    ],
)
def test_no_ticket_for_an_unknown_address(here, address):
    answer = login(here, address)
    assert answer.status_code == 400
    assert "Location" not in answer


def test_a_stranger_signs_in_first_and_gateway_does_not_ask(browser, notes):
    assert login(browser)["Location"].startswith("/compte/connexion/")
    assert login(browser, gateway="true")["Location"] == ADDRESS


def test_renew_asks_the_password_and_the_service_can_insist(here, anne):
    assert code(validate(ticket(here), renew="true")) == "INVALID_TICKET"
    following = here.get(login(here, renew="true")["Location"]).context["next"]
    here.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD, "next": following})
    fresh = answered(here.get(following))["ticket"]
    assert b"isFromNewLogin>true" in validate(fresh, renew="true").content


def test_who_may_not_enter_gets_no_ticket(here, make_service):
    make_service("cas", "Paie", addresses=["https://paie.test"], roles=["security"])
    assert login(here, "https://paie.test/").status_code == 403


def test_both_parameters_are_needed(db):
    assert code(SecureClient().get("/sso/cas/p3/serviceValidate?" + urlencode({"ticket": "ST-1"}))) == "INVALID_REQUEST"


def test_proxy_tickets_are_refused_in_words(db):
    assert b"proxyFailure" in SecureClient().get("/sso/cas/proxy?pgt=PGT-1&targetService=https://a.test").content


def test_logging_out_tells_the_service(here, make_service, listener, run_jobs):
    make_service("cas", "Agenda", addresses=[listener.url])
    one, unused = ticket(here, address=listener.url), ticket(here, address=listener.url)
    validate(one, address=listener.url)
    answer = here.get("/sso/cas/logout", {"service": ADDRESS})
    assert answer["Location"] == ADDRESS
    run_jobs()
    assert len(listener.posts) == 1
    request = fromstring(listener.posts[0]["logoutRequest"])
    assert request.findtext("{urn:oasis:names:tc:SAML:2.0:protocol}SessionIndex") == one != unused
    assert here.get("/")["Location"].startswith("/compte/connexion/")


def test_logging_out_goes_back_to_registered_addresses_only(here):
    answer = here.get("/sso/cas/logout", {"service": "https://mechant.test/"})
    assert answer.status_code == 200
    assert "Vous êtes déconnecté" in answer.content.decode()
