"""A small identity provider that speaks the real protocol on loopback: discovery, code with PKCE, signed tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "ecritoire", "secret-de-test"


class Provider:
    """``person`` signs in at once; attributes whose name starts with ``lie_`` make it misbehave."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
        self.person: dict[str, Any] = {"sub": "p-1"}
        self.amr: list[str] = ["pwd"]
        self.signed = True
        self.changes: dict[str, Any] = {}
        self.signing_key = self.key
        self.userinfo_sub = ""
        self._codes: dict[str, dict[str, str]] = {}
        self._tokens: set[str] = set()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.get(self)

            def do_POST(self) -> None:
                provider.post(self)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def get(self, handler: BaseHTTPRequestHandler) -> None:
        path, _, query = handler.path.partition("?")
        asked = {key: values[0] for key, values in parse_qs(query).items()}
        if path == "/.well-known/openid-configuration":
            names = {"authorization": "auth", "token": "token", "userinfo": "me"}
            ends = {f"{name}_endpoint": f"{self.issuer}/{end}" for name, end in names.items()}
            self._json(handler, {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks", **ends})
        elif path == "/jwks":
            self._json(handler, {"keys": [self.key.as_dict(private=False)]})
        elif path == "/auth":
            handler.send_response(302)
            handler.send_header("Location", self.consent(asked))
            handler.end_headers()
        elif path == "/me" and handler.headers["Authorization"].removeprefix("Bearer ") in self._tokens:
            self._userinfo(handler)
        else:
            handler.send_error(404)

    def consent(self, asked: dict[str, str]) -> str:
        """Where the browser goes back to once the person has signed in."""
        code = secrets.token_urlsafe(12)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def post(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
        fields = {key: values[0] for key, values in parse_qs(body).items()}
        asked = self._codes.pop(fields["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(fields["code_verifier"].encode()).digest()).rstrip(b"=")
        pair = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if (
            asked is None
            or asked["code_challenge"] != challenge.decode()
            or pair not in handler.headers["Authorization"]
        ):
            self._json(handler, {"error": "invalid_grant"}, 400)
            return
        token = secrets.token_urlsafe(16)
        self._tokens.add(token)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": self.person["sub"], "nonce": asked["nonce"], "iat": now}
        claims |= {"exp": now + 60, "amr": self.amr} | self.changes
        self._json(handler, {"access_token": token, "token_type": "Bearer", "id_token": self._sign(claims)})

    def _userinfo(self, handler: BaseHTTPRequestHandler) -> None:
        person = self.person | ({"sub": self.userinfo_sub} if self.userinfo_sub else {})
        if self.signed:
            token = self._sign({**person, "iss": self.issuer, "aud": CLIENT} | self.changes)
            self._send(handler, token.encode(), "application/jwt")
        else:
            self._json(handler, person)

    def _sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.signing_key)

    def _json(self, handler: BaseHTTPRequestHandler, body: object, status: int = 200) -> None:
        self._send(handler, json.dumps(body).encode(), "application/json", status)

    def _send(self, handler: BaseHTTPRequestHandler, body: bytes, kind: str, status: int = 200) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


def asked_of(location: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(location).query).items()}
