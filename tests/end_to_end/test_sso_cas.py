"""CAS end to end, with python-cas as the service."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from cas import CASClient

from tests.end_to_end.conftest import wait_until
from tests.end_to_end.sso import landed, register, service  # noqa: F401
from tests.end_to_end.test_sso_oidc import sign_in_form


@pytest.fixture
def notes(register, service):  # noqa: F811
    return register("CAS", {"Adresses du service": f"{service.url}/app"}, ("Nom d'usage", "Rôles"))


@pytest.fixture
def client(site, notes, service):  # noqa: F811
    session = requests.Session()
    return CASClient(
        version=3,
        server_url=f"{site.config.base_url}/sso/cas/",
        service_url=f"{service.url}/app/accueil",
        verify_ssl_certificate=str(site.tls / "ca.pem"),
        session=session,
    )


def ticket(address: str) -> str:
    return parse_qs(urlsplit(address).query)["ticket"][0]


def test_it_works(open_page, people, client, service):  # noqa: F811
    page = open_page()
    page.goto(client.get_login_url())
    sign_in_form(page, people["Julien"])
    one = ticket(landed(page, service))
    user, attributes, _ = client.verify_ticket(one)
    assert user
    assert attributes["usual_name"] == "Moreau"
    assert "email" not in attributes
    assert client.verify_ticket(one)[0] is None, "a ticket was good twice"

    page.goto(client.get_logout_url(client.service_url))
    landed(page, service)
    told = wait_until(lambda: service.posts, "the single logout")[0]["logoutRequest"]
    assert CASClient(version=3, server_url="", service_url="").verify_logout_request(told.encode(), one)


def test_gateway_for_a_stranger(open_page, client, service):  # noqa: F811
    page = open_page()
    page.goto(f"{client.get_login_url()}&gateway=true")
    assert "ticket" not in landed(page, service)


def test_renew_asks_the_password_again(signed_in, people, client, service):  # noqa: F811
    page = signed_in("Julien")
    page.goto(f"{client.get_login_url()}&renew=true")
    sign_in_form(page, people["Julien"])
    client.renew = True
    assert client.verify_ticket(ticket(landed(page, service)))[0]


def test_an_unknown_service_is_not_followed(signed_in, client):
    page = signed_in("Julien")
    client.service_url = "https://mechant.test/app"
    page.goto(client.get_login_url())
    page.get_by_role("heading", name="Nous ne pouvons pas répondre à ce service").wait_for()
