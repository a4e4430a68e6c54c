"""SAML end to end, with pysaml2 as the service provider."""

from __future__ import annotations

import pytest
import requests
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.xmldsig import SIG_RSA_SHA256

from ecritoire.portal.tests.saml_party import sp_client, sp_metadata
from tests.end_to_end.conftest import wait_until
from tests.end_to_end.sso import landed, register, service  # noqa: F401
from tests.end_to_end.test_sso_oidc import sign_in_form


@pytest.fixture
def client(site, register, service, tmp_path):  # noqa: F811
    places = {name: f"{service.url}/{name}" for name in ("consumer", "logout", "soap")}
    places["entity"] = f"{service.url}/entite"
    register("SAML 2.0", {}, ("Prénom", "Rôles"), metadata=sp_metadata(tmp_path, **places))
    address = f"{site.config.base_url}/sso/saml/metadata"
    metadata = requests.get(address, verify=str(site.tls / "ca.pem"), timeout=10).text
    return sp_client(tmp_path, metadata, **places)


def ask(client):
    request_id, info = client.prepare_for_authenticate(relay_state="suite", sign=True, sigalg=SIG_RSA_SHA256)
    return request_id, dict(info["headers"])["Location"]


@pytest.mark.parametrize("script", [True, False])
def test_it_works(open_page, people, client, service, script):  # noqa: F811
    page = open_page(java_script_enabled=script)
    request_id, address = ask(client)
    page.goto(address)
    sign_in_form(page, people["Julien"])
    if not script:
        page.get_by_role("button", name="Continuer").click()
    page.get_by_role("heading", name="Service de test").wait_for()
    fields = service.posts[0]
    assert fields["RelayState"] == "suite"
    response = client.parse_authn_request_response(fields["SAMLResponse"], BINDING_HTTP_POST, {request_id: "/"})
    assert response.ava["givenName"] == ["Julien"]
    assert "mail" not in response.ava
    client.users.add_information_about_person(response.session_info())

    if script:  # the service signs out
        sent = client.do_logout(
            response.name_id, [response.issuer()], None, None, sign=True, expected_binding=BINDING_HTTP_REDIRECT
        )
        _, info = sent[response.issuer()]
        page.goto(dict(info["headers"])["Location"])
        assert "SAMLResponse=" in landed(page, service)
        page.goto("/")
        page.get_by_role("heading", name="Connexion").wait_for()
    else:  # the person signs out
        page.goto("/compte/sessions/")
        page.locator("details.menu summary").click()
        page.get_by_role("button", name="Se déconnecter").click()
        wait_until(lambda: len(service.bodies) > 1, "the logout by SOAP")
        assert client.parse_logout_request(service.bodies[-1]).message.name_id.text == response.name_id.text


def test_a_tampered_request_goes_nowhere(signed_in, client):
    page = signed_in("Julien")
    _, address = ask(client)
    page.goto(address.replace("Signature=", "Signature=AAAA"))
    page.get_by_role("heading", name="Nous ne pouvons pas répondre à ce service").wait_for()
