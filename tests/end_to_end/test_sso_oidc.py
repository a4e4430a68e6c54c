"""OpenID Connect end to end: Chromium, nginx, authlib and npm's openid-client as services."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.end_to_end.conftest import NARROW, enter, wait_until
from tests.end_to_end.sso import landed, register, service  # noqa: F401

SCRIPT = Path(__file__).parent / "peers" / "openid_client.mjs"
OWN = ("Prénom", "Adresse électronique")


@pytest.fixture
def wiki(register, service):  # noqa: F811
    return register(
        "OpenID Connect",
        {
            "Adresses de retour": f"{service.url}/retour",
            "Retours après déconnexion": f"{service.url}/fin",
            "Adresse de déconnexion": f"{service.url}/logout",
        },
        OWN,
    )


@pytest.fixture
def client(site, wiki, service) -> Any:  # noqa: F811
    session = OAuth2Session(
        wiki.client_id,
        wiki.secret,
        scope="openid profile email",
        redirect_uri=f"{service.url}/retour",
        code_challenge_method="S256",
    )
    session.verify, session.trust_env = str(site.tls / "ca.pem"), False
    session.found = session.get(
        f"{site.config.base_url}/sso/oidc/.well-known/openid-configuration", withhold_token=True
    ).json()
    return session


def address(client: Any, **extra: str) -> str:
    url, client.sent_state = client.create_authorization_url(
        client.found["authorization_endpoint"], code_verifier="v" * 50, nonce="sel", **extra
    )
    return str(url)


def tokens(client: Any, back: str) -> Any:
    return client.fetch_token(
        client.found["token_endpoint"], authorization_response=back, code_verifier="v" * 50, state=client.sent_state
    )


def sign_in_form(page: Any, person: dict[str, str]) -> None:
    page.get_by_label("Identifiant").fill(person["sign_in"])
    page.get_by_label("Mot de passe", exact=True).fill(person["password"])
    page.get_by_role("button", name="Se connecter", exact=True).click()


def checked(client: Any, token: str, **expected: str) -> dict[str, Any]:
    keys = KeySet.import_key_set(client.get(client.found["jwks_uri"], withhold_token=True).json())
    claims = jwt.decode(token, keys, algorithms=["RS256"]).claims
    required: Any = {name: {"essential": True, "value": value} for name, value in expected.items()}
    jwt.JWTClaimsRegistry(**required).validate(claims)
    return dict(claims)


@pytest.mark.parametrize("width", [1280, NARROW])
def test_it_works(open_page, people, client, wiki, service, width):  # noqa: F811
    page = open_page(width)
    page.goto(address(client))
    sign_in_form(page, people["Julien"])  # the form then redirects to another host: form-action must allow it
    token = tokens(client, landed(page, service))
    claims = checked(client, token["id_token"], iss=client.found["issuer"], aud=wiki.client_id, nonce="sel")
    person = client.get(client.found["userinfo_endpoint"]).json()
    assert person["given_name"] == "Julien"
    assert person["email"] == people["Julien"]["sign_in"]
    assert person["sub"] == claims["sub"]
    assert "usual_name" not in person

    fresh = client.refresh_token(client.found["token_endpoint"], refresh_token=token["refresh_token"])
    assert fresh["access_token"] != token["access_token"]

    page.goto("/compte/historique/")
    page.get_by_text(wiki.name).first.wait_for()
    page.get_by_label("Menu de").click()
    page.get_by_role("button", name="Se déconnecter").click()
    told = wait_until(lambda: service.posts, "the back-channel logout")[0]["logout_token"]
    assert checked(client, told, aud=wiki.client_id)["sid"] == claims["sid"]
    assert client.get(client.found["userinfo_endpoint"]).status_code == 401


def test_without_javascript(open_page, people, client, service):  # noqa: F811
    page = open_page(java_script_enabled=False)
    page.goto(address(client))
    sign_in_form(page, people["Julien"])
    assert tokens(client, landed(page, service))["id_token"]


def test_one_sign_in_for_all_and_closed_remotely(signed_in, open_page, people, client, service):  # noqa: F811
    page = signed_in("Julien")
    page.goto(address(client))
    tokens(client, landed(page, service))
    other = enter(open_page(), people["Julien"]["sign_in"], people["Julien"]["password"])
    other.goto("/compte/sessions/")
    other.get_by_role("button", name="Fermer toutes les autres").click()
    other.get_by_text("Sessions fermées").wait_for()
    assert wait_until(lambda: service.posts, "the back-channel logout")
    assert client.get(client.found["userinfo_endpoint"]).status_code == 401


def test_a_service_withdrawn_by_the_person(signed_in, client, wiki, service):  # noqa: F811
    page = signed_in("Julien")
    page.goto(address(client))
    tokens(client, landed(page, service))
    page.goto("/sso/services/")
    page.get_by_role("button", name=f"Retirer l'accès de {wiki.name}").click()
    page.get_by_text("n'a plus accès").wait_for()
    assert client.get(client.found["userinfo_endpoint"]).status_code == 401


def test_a_service_that_is_not_the_academie_s_asks(signed_in, register, service, site):  # noqa: F811
    shop = register("OpenID Connect", {"Adresses de retour": f"{service.url}/retour"}, OWN, own=False)
    page = signed_in("Julien", NARROW)
    query = f"client_id={shop.client_id}&redirect_uri={service.url}/retour&response_type=code&scope=openid+email"
    challenge = "code_challenge=" + "c" * 43 + "&code_challenge_method=S256&state=s"
    page.goto(f"/sso/oidc/autorisation?{query}&{challenge}")
    page.get_by_role("button", name="Je refuse").click()
    assert "error=access_denied" in landed(page, service)
    page.goto(f"/sso/oidc/autorisation?{query}&{challenge}")
    page.get_by_role("button", name="Je suis d'accord").click()
    assert "code=" in landed(page, service)


@pytest.fixture(scope="session")
def openid_client(tmp_path_factory):
    """The peer from npm, installed by name."""
    folder = tmp_path_factory.mktemp("npm")
    shutil.copy(SCRIPT, folder)
    command = ["npm", "install", "--no-audit", "--no-fund", "openid-client@6"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / SCRIPT.name


class NpmClient:
    def __init__(self, script: Path, **environment: str) -> None:
        self.process = subprocess.Popen(
            ["node", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Debian 12's Node.js 18 has WebCrypto behind this option; later ones take it as given.
            env={"PATH": os.environ["PATH"], "NODE_OPTIONS": "--experimental-global-webcrypto", **environment},
        )

    def ask(self, name: str, **values: str) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"name": name, **values}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


def test_with_openid_client_from_npm(signed_in, site, wiki, service, openid_client):  # noqa: F811
    peer = NpmClient(
        openid_client,
        ISSUER=f"{site.config.base_url}/sso/oidc",
        CLIENT_ID=wiki.client_id,
        CLIENT_SECRET=wiki.secret,
        REDIRECT_URI=f"{service.url}/retour",
        NODE_EXTRA_CA_CERTS=str(site.tls / "ca.pem"),
    )
    try:
        page = signed_in("Sophie")
        page.goto(peer.ask("start")["url"])
        claims = peer.ask("back", url=landed(page, service))["claims"]
        assert abs(claims["auth_time"] - time.time()) < 600
        assert peer.ask("person")["given_name"] == "Sophie"
        assert peer.ask("refresh")["expires_in"] > 0
        page.goto(peer.ask("end", address=f"{service.url}/fin")["url"])
        assert landed(page, service).startswith(f"{service.url}/fin")
        assert wait_until(lambda: service.posts, "the back-channel logout")
        assert "error" in peer.ask("refresh"), "the tokens outlived the session"
    finally:
        peer.process.terminate()
        peer.process.wait()
