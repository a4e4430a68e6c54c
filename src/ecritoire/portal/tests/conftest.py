"""Services and the other end of each protocol, as small as can be."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from ecritoire.portal.models import Service
from ecritoire.portal.sso.services import service_create
from ecritoire.portal.tasks import send_logout

BASE = {
    "description": "",
    "category": "tools",
    "icon": "external",
    "order": 100,
    "roles": [],
    "audience": [],
    "structures": [],
    "claims": [],
    "is_own": True,
}
RETURN, AFTER = "https://wiki.test/retour", "https://wiki.test/au-revoir"


@pytest.fixture
def make_service(db: None) -> Callable[..., Service]:
    """A registered service; its client secret, if any, is kept beside as ``secret``."""

    def make(protocol: str = "oidc", name: str = "Wiki", **values: Any) -> Service:
        own: dict[str, dict[str, Any]] = {
            "oidc": {
                "redirect_uris": [RETURN],
                "post_logout_redirect_uris": [AFTER],
                "logout_url": "",
                "client_type": "confidential",
            },
            "cas": {"addresses": ["https://notes.test/app"], "single_logout": True},
            "saml": {},
            "none": {},
        }
        filled = BASE | {"name": name, "url": f"https://{name.lower()}.test/"} | own[protocol] | values
        service, secret = service_create(protocol=Service.Protocol(protocol), values=filled, acting_user=None)
        service.secret = secret  # type: ignore[attr-defined]
        return service

    return make


class RelyingParty:
    """An OIDC client over the test client: PKCE, code, tokens."""

    verifier = "v" * 64

    def __init__(self, browser: Any, service: Service) -> None:
        self.browser, self.service = browser, service
        self.client_id = service.oidc.application.client_id
        self.secret = service.secret  # type: ignore[attr-defined]

    def address(self, **extra: str | None) -> str:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": RETURN,
            "scope": "openid profile email",
            "state": "etat",
            "nonce": "sel",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        asked |= extra
        return "/sso/oidc/autorisation?" + urlencode({k: v for k, v in asked.items() if v is not None})

    def authorize(self, **extra: str | None) -> Any:
        return self.browser.get(self.address(**extra))

    def code(self, **extra: str | None) -> str:
        answer = self.authorize(**extra)
        assert answer.status_code == 302, answer.content[:500]
        assert answer["Location"].startswith(RETURN), answer["Location"]
        return answered(answer)["code"]

    def token(self, **fields: str) -> Any:
        pair = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        # A service is not a browser: no cookie of the person travels with it.
        from conftest import SecureClient

        return SecureClient().post("/sso/oidc/jeton", fields, HTTP_AUTHORIZATION=f"Basic {pair}")

    def exchange(self, code: str, **extra: str) -> Any:
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": RETURN}
        return self.token(**(fields | {"code_verifier": self.verifier} | extra))

    def refresh(self, token: str) -> Any:
        return self.token(grant_type="refresh_token", refresh_token=token)

    def userinfo(self, access_token: str) -> Any:
        return self.browser.get("/sso/oidc/personne", HTTP_AUTHORIZATION=f"Bearer {access_token}")

    def enter(self, **extra: str | None) -> dict[str, Any]:
        """The tokens, once through the whole flow."""
        answer = self.exchange(self.code(**extra))
        assert answer.status_code == 200, answer.content
        return dict(answer.json())


def answered(response: Any) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(response["Location"]).query).items()}


def payload(token: str) -> dict[str, Any]:
    """The claims of a JWT, unverified."""
    body = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))


@pytest.fixture
def relying_party(browser: Any) -> Callable[[Service], RelyingParty]:
    return lambda service: RelyingParty(browser, service)


class Listener:
    """A service's own address: keeps what is posted to it, and answers ``status``."""

    def __init__(self) -> None:
        self.posts: list[dict[str, str]] = []
        self.bodies: list[str] = []
        self.status = 200
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                listener.bodies.append(body)
                listener.posts.append({key: values[0] for key, values in parse_qs(body).items()})
                self.send_response(listener.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/fin"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def run_jobs(db: None) -> Callable[[], int]:
    """Send the logouts that are waiting; returns how many."""

    done: set[int] = set()

    def run() -> int:
        jobs = ProcrastinateJob.objects.filter(task_name="portal.send_logout", status="todo").order_by("id")
        fresh = [job for job in jobs if job.pk not in done]
        done.update(job.pk for job in fresh)
        for job in fresh:
            send_logout(**job.args)
        return len(fresh)

    return run
