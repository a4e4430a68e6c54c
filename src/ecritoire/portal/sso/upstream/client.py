"""Talking to the upstream provider: discovery, code with PKCE, and tokens whose every claim is checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ["RS256", "ES256"]
SECONDS, CACHED_SECONDS, LEEWAY = 10, 3600, 60


class UpstreamFault(Exception):
    """The provider is away, or its answer does not hold. The text is for the log and names no person."""


@dataclass(frozen=True)
class Departure:
    """What must come back unchanged."""

    url: str
    state: str
    nonce: str
    verifier: str


def departure(*, nonce: str, verifier: str, acr: str = "") -> Departure:
    """Where to send the browser. Raises UpstreamFault."""
    extra = {"nonce": nonce, "prompt": "login"} | ({"acr_values": acr} if acr else {})
    endpoint = _discovered()["authorization_endpoint"]
    url, state = _session().create_authorization_url(endpoint, code_verifier=verifier, **extra)
    return Departure(url, state, nonce, verifier)


def arrival(*, code: str, nonce: str, verifier: str) -> dict[str, Any]:
    """Who came back: the claims of userinfo, signed or not, and ``amr`` of the ID token. Raises UpstreamFault."""
    found, session = _discovered(), _session()
    try:
        token = session.fetch_token(
            found["token_endpoint"], code=code, code_verifier=verifier, timeout=SECONDS, verify=_verify()
        )
        identity = _verified(str(token.get("id_token", "")), nonce=nonce, dated=True)
        answer = session.get(found["userinfo_endpoint"], timeout=SECONDS, allow_redirects=False, verify=_verify())
        answer.raise_for_status()
        signed = "jwt" in answer.headers.get("Content-Type", "")
        person = _verified(answer.text.strip(), nonce=None, dated=False) if signed else dict(answer.json())
    except (OAuthError, requests.RequestException, JoseError, ValueError, KeyError) as error:
        raise UpstreamFault(type(error).__name__) from error
    if not identity.get("sub") or person.get("sub") != identity["sub"]:
        raise UpstreamFault("the subject of userinfo is not that of the ID token")
    return person | {"amr": identity.get("amr") or []}


def _verify() -> str | bool:
    """Given with each request: the environment's bundle overrides what a session says."""
    return settings.CONFIG.upstream.ca_file or True


def _session() -> OAuth2Session:
    upstream = settings.CONFIG.upstream
    try:
        secret = Path(upstream.client_secret_file).read_text().strip()
    except OSError as error:  # the system check portal.E001 says more
        raise UpstreamFault("client_secret_file") from error
    return OAuth2Session(
        upstream.client_id,
        secret,
        scope=upstream.scopes,
        redirect_uri=settings.CONFIG.base_url + reverse("sso:upstream-back"),
        code_challenge_method="S256",
    )


def _discovered() -> dict[str, Any]:
    """The provider's own description, whose issuer must be the one configured."""
    issuer = settings.CONFIG.upstream.issuer
    found = _fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if not isinstance(found, dict) or found.get("issuer") != issuer:
        raise UpstreamFault("the provider says it is another issuer")
    return found


def _verified(token: str, *, nonce: str | None, dated: bool) -> dict[str, Any]:
    """The claims of a token the provider signed for us. Raises JoseError or ValueError."""
    upstream = settings.CONFIG.upstream
    address = _discovered()["jwks_uri"]
    try:
        decoded = jwt.decode(token, KeySet.import_key_set(_fetched(address)), algorithms=ALGORITHMS)
    except (JoseError, ValueError):  # keys may have been changed since we last asked
        decoded = jwt.decode(token, KeySet.import_key_set(_fetched(address, again=True)), algorithms=ALGORITHMS)
    required: dict[str, Any] = {
        "iss": {"essential": True, "value": upstream.issuer},
        "aud": {"essential": True, "value": upstream.client_id},
        "exp": {"essential": dated},
    }
    if nonce is not None:
        required["nonce"] = {"essential": True, "value": nonce}
    jwt.JWTClaimsRegistry(leeway=LEEWAY, **required).validate(decoded.claims)
    return dict(decoded.claims)


def _fetched(url: str, *, again: bool = False) -> Any:
    key = f"upstream:{url}"
    known = None if again else cache.get(key)
    if known is None:
        try:
            answer = requests.get(url, timeout=SECONDS, allow_redirects=False, verify=_verify())
            answer.raise_for_status()
            known = dict(answer.json())
        except (requests.RequestException, ValueError) as error:
            raise UpstreamFault(type(error).__name__) from error
        cache.set(key, known, CACHED_SECONDS)
    return known
