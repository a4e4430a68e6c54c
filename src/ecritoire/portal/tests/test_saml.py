"""The SAML identity provider before pysaml2 as service provider: what it accepts, what it signs, what it refuses."""

import base64
import re
import zlib
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core.exceptions import ValidationError
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.response import StatusNoPassive, StatusRequestDenied
from saml2.saml import NAMEID_FORMAT_EMAILADDRESS, NAMEID_FORMAT_TRANSIENT
from saml2.sigver import SignatureError
from saml2.xmldsig import SIG_RSA_SHA256

from ecritoire.accounts.services import sessions_end
from ecritoire.portal.models import ServiceSession
from ecritoire.portal.sso.saml.metadata import metadata_read

from .saml_party import CONSUMER, ENTITY, LOGOUT, sp_client, sp_metadata

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r'name="(SAMLResponse|RelayState)" value="([^"]*)"')


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return tmp_path_factory.mktemp("sp")


@pytest.fixture
def resources(make_service, keys):
    return make_service(
        "saml", "Ressources", metadata=metadata_read(sp_metadata(keys).encode()), claims=["email", "uai"]
    )


@pytest.fixture
def party(browser, keys, resources):
    return sp_client(keys, browser.get("/sso/saml/metadata").content.decode())


def ask(party, browser, binding=BINDING_HTTP_REDIRECT, relay="suite", **extra):
    """Send the browser with a sign-in request; returns the request's id and where the browser ends."""
    request_id, info = party.prepare_for_authenticate(
        relay_state=relay, binding=binding, sign=True, sigalg=SIG_RSA_SHA256, **extra
    )
    if binding == BINDING_HTTP_REDIRECT:
        location = dict(info["headers"])["Location"]
        return request_id, browser.get(f"/sso/saml/sso?{urlsplit(location).query}")
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', info["data"]))
    return request_id, browser.post("/sso/saml/sso", fields)


def answer(browser, first):
    page = browser.get(first["Location"])
    assert page.status_code == 200, page.content[:300]
    return page, dict(HIDDEN.findall(page.content.decode()))


def read(party, message, request_id):
    return party.parse_authn_request_response(message, BINDING_HTTP_POST, {request_id: "/"})


@pytest.mark.parametrize("binding", [BINDING_HTTP_REDIRECT, BINDING_HTTP_POST])
def test_it_works(sign_in, anne, party, binding):
    browser = sign_in(anne)
    request_id, first = ask(party, browser, binding)
    page, fields = answer(browser, first)
    assert fields["RelayState"] == "suite"
    assert f'action="{CONSUMER}"' in page.content.decode()
    assert "https://ressources.test" in page["Content-Security-Policy"]
    response = read(party, fields["SAMLResponse"], request_id)
    assert response.ava == {"mail": [anne.login]}
    assert response.name_id.text != anne.login
    assert response.session_info()["authn_info"][0][0].endswith("PasswordProtectedTransport")
    assert ServiceSession.objects.get().handle == response.session_info()["session_index"]


def test_nothing_is_signed_with_sha1(sign_in, anne, party):
    browser = sign_in(anne)
    _, first = ask(party, browser)
    message = base64.b64decode(answer(browser, first)[1]["SAMLResponse"]).decode()
    assert message.count("rsa-sha256") == message.count("xmlenc#sha256") == 2
    assert "sha1" not in message


def test_a_stranger_signs_in_on_the_way(browser, anne, party):
    from conftest import PASSWORD

    request_id, first = ask(party, browser)
    following = browser.get(browser.get(first["Location"])["Location"]).context["next"]
    back = browser.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD, "next": following})
    _, fields = answer(browser, back)
    assert read(party, fields["SAMLResponse"], request_id).ava == {"mail": [anne.login]}


def test_a_passive_request_of_a_stranger(browser, party):
    request_id, first = ask(party, browser, is_passive="true")
    _, fields = answer(browser, first)
    with pytest.raises(StatusNoPassive):
        read(party, fields["SAMLResponse"], request_id)


def test_force_authn_asks_the_password(sign_in, anne, party):
    browser = sign_in(anne)
    _, first = ask(party, browser, force_authn="true")
    assert browser.get(first["Location"])["Location"].startswith("/compte/connexion/")


def test_a_refusal_is_said_to_the_service(sign_in, anne, party, resources):
    resources.is_own = False
    resources.save()
    browser = sign_in(anne)
    request_id, first = ask(party, browser)
    consent = browser.get(first["Location"])["Location"]
    _, fields = answer(browser, browser.post(consent, {"decline": "yes"}))
    with pytest.raises(StatusRequestDenied):
        read(party, fields["SAMLResponse"], request_id)


def test_who_may_not_enter(sign_in, anne, party, resources):
    resources.roles = ["security"]
    resources.save()
    browser = sign_in(anne)
    assert browser.get(ask(party, browser)[1]["Location"]).status_code == 403


@pytest.mark.parametrize("kind", [NAMEID_FORMAT_EMAILADDRESS, NAMEID_FORMAT_TRANSIENT])
def test_the_kind_of_identifier_asked(sign_in, anne, party, kind):
    browser = sign_in(anne)
    request_id, first = ask(party, browser, nameid_format=kind)
    response = read(party, answer(browser, first)[1]["SAMLResponse"], request_id)
    assert response.name_id.format == kind
    assert (response.name_id.text == anne.login) == (kind == NAMEID_FORMAT_EMAILADDRESS)


def test_a_tampered_assertion_is_refused_by_the_service(sign_in, anne, boris, party):
    browser = sign_in(anne)
    request_id, first = ask(party, browser)
    message = base64.b64decode(answer(browser, first)[1]["SAMLResponse"]).decode()
    assert anne.login in message
    forged = base64.b64encode(message.replace(anne.login, boris.login).encode()).decode()
    with pytest.raises(SignatureError):
        read(party, forged, request_id)


def deflated(text):
    return base64.b64encode(zlib.compress(text.encode())[2:-4]).decode()


def request_text(location):
    raw = parse_qs(urlsplit(location).query)["SAMLRequest"][0]
    return zlib.decompress(base64.b64decode(raw), -15).decode()


@pytest.mark.parametrize("tampering", ["consumer", "signature", "unsigned", "issuer", "entity", "bomb", "noise"])
def test_a_tampered_request_is_refused_here(sign_in, anne, party, tampering):
    browser = sign_in(anne)
    _, info = party.prepare_for_authenticate(sign=True, sigalg=SIG_RSA_SHA256)
    location = dict(info["headers"])["Location"]
    query = {key: values[0] for key, values in parse_qs(urlsplit(location).query).items()}
    text = request_text(location)
    if tampering == "consumer":
        query["SAMLRequest"] = deflated(text.replace(CONSUMER, "https://mechant.test/acs"))
    elif tampering == "signature":
        query["Signature"] = base64.b64encode(b"x" * 256).decode()
    elif tampering == "unsigned":
        query.pop("Signature")
    elif tampering == "issuer":
        query["SAMLRequest"] = deflated(text.replace(ENTITY, "https://inconnu.test/saml"))
    elif tampering == "entity":
        query["SAMLRequest"] = deflated(f'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>{text}')
    elif tampering == "bomb":
        query["SAMLRequest"] = deflated(text + " " * 1_000_000)
    else:
        query["SAMLRequest"] = "pas du base64"
    answer = browser.get(f"/sso/saml/sso?{urlencode(query)}")
    assert answer.status_code == 400
    assert "Location" not in answer


def test_an_unsigned_request_may_only_name_a_registered_address(sign_in, anne, make_service, keys):
    browser = sign_in(anne)
    text = sp_metadata(keys, signs=False)
    make_service("saml", "Ressources", metadata=metadata_read(text.encode()))
    party = sp_client(keys, browser.get("/sso/saml/metadata").content.decode(), signs=False)
    _, info = party.prepare_for_authenticate(sign=False)
    location = dict(info["headers"])["Location"]
    assert browser.get(f"/sso/saml/sso?{urlsplit(location).query}").status_code == 302
    moved = deflated(request_text(location).replace(CONSUMER, "https://mechant.test/acs"))
    assert browser.get("/sso/saml/sso", {"SAMLRequest": moved}).status_code == 400


def test_a_demand_of_ours_cannot_be_forged(sign_in, anne, party):
    browser = sign_in(anne)
    _, first = ask(party, browser)
    assert browser.get(first["Location"][:-4] + "AAAA").status_code == 400


def entered(browser, party):
    request_id, first = ask(party, browser)
    response = read(party, answer(browser, first)[1]["SAMLResponse"], request_id)
    party.users.add_information_about_person(response.session_info())
    return response


@pytest.mark.parametrize("binding", [BINDING_HTTP_REDIRECT, BINDING_HTTP_POST])
def test_the_service_signs_the_person_out(sign_in, anne, party, binding, make_service, relying_party):
    from conftest import SecureClient

    browser = sign_in(anne)
    tokens = relying_party(make_service(name="Wiki")).enter()
    response = entered(browser, party)
    asked = party.do_logout(response.name_id, [response.issuer()], None, None, sign=True, expected_binding=binding)
    _, info = asked[response.issuer()]
    stranger = SecureClient()  # the request is signed: no cookie is needed
    if binding == BINDING_HTTP_REDIRECT:
        back = stranger.get(f"/sso/saml/slo?{urlsplit(dict(info['headers'])['Location']).query}")
    else:
        back = stranger.post("/sso/saml/slo", dict(re.findall(r'name="(\w+)" value="([^"]*)"', info["data"])))
    assert back["Location"].startswith(f"{LOGOUT}?SAMLResponse="), back.content[:300]
    assert browser.get("/")["Location"].startswith("/compte/connexion/")
    assert stranger.get("/sso/oidc/personne", HTTP_AUTHORIZATION=f"Bearer {tokens['access_token']}").status_code == 401


def test_an_unsigned_logout_is_refused(sign_in, anne, party):
    browser = sign_in(anne)
    response = entered(browser, party)
    _, request = party.create_logout_request(
        "https://localhost/sso/saml/slo", response.issuer(), name_id=response.name_id, sign=False
    )
    assert browser.get("/sso/saml/slo", {"SAMLRequest": deflated(str(request))}).status_code == 400
    assert browser.get("/").status_code == 200


def test_the_service_is_told_by_soap(sign_in, anne, keys, make_service, listener, run_jobs):
    browser = sign_in(anne)
    text = sp_metadata(keys, soap=listener.url)
    make_service("saml", "Ressources", metadata=metadata_read(text.encode()))
    party = sp_client(keys, browser.get("/sso/saml/metadata").content.decode(), soap=listener.url)
    response = entered(browser, party)
    sessions_end(account=anne)
    assert run_jobs() == 1
    request = party.parse_logout_request(listener.bodies[0])
    assert request.message.session_index[0].text == response.session_info()["session_index"]
    assert request.message.name_id.text == response.name_id.text


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: "<a/>", "fournisseur de services"),
        (lambda text: "pas du xml", "XML lisible"),
        (lambda text: f'<!DOCTYPE a [<!ENTITY b "c">]>{text}', "XML lisible"),
        (lambda text: text.replace(CONSUMER, "http://ressources.test/acs"), "https://"),
        (lambda text: text.replace("HTTP-POST", "HTTP-Artifact"), "HTTP-POST"),
        (lambda text: text + " " * 200_001, "200 ko"),
        (lambda text: re.sub(r"<\w+:KeyDescriptor.*</\w+:KeyDescriptor>", "", text, flags=re.DOTALL), "certificat"),
    ],
)
def test_metadata_at_fault_say_why(keys, change, reason):
    with pytest.raises(ValidationError, match=reason):
        metadata_read(change(sp_metadata(keys)).encode())
