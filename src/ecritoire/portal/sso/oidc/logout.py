"""Back-channel logout (OpenID Connect Back-Channel Logout 1.0)."""

from __future__ import annotations

import json
import secrets
import time
from urllib.parse import urlencode

from django.conf import settings
from jwcrypto import jwk, jwt

from ecritoire.portal.models import OidcClient, ServiceSession
from ecritoire.portal.sso.claims import subject
from ecritoire.portal.sso.post import Post

EVENT = "http://schemas.openid.net/event/backchannel-logout"
SECONDS = 120


def signing_key() -> jwk.JWK:
    return jwk.JWK.from_pem(settings.CONFIG.secret("oidc-signing-key").encode())


def logout_token(session: ServiceSession, client: OidcClient) -> str:
    now, key = int(time.time()), signing_key()
    claims = {
        "iss": settings.OAUTH2_PROVIDER["OIDC_ISS_ENDPOINT"],
        "aud": client.application.client_id,
        "sub": subject(account=session.account, service=session.service),
        "sid": session.handle,
        "iat": now,
        "exp": now + SECONDS,
        "jti": secrets.token_urlsafe(16),
        "events": {EVENT: {}},
    }
    header = {"alg": "RS256", "typ": "logout+jwt", "kid": key.thumbprint()}
    token = jwt.JWT(header=json.dumps(header), claims=json.dumps(claims))
    token.make_signed_token(key)
    return str(token.serialize())


def logout_post(session: ServiceSession) -> Post | None:
    client = OidcClient.objects.select_related("application").filter(service=session.service).first()
    if client is None or not client.logout_url:
        return None
    return Post(client.logout_url, urlencode({"logout_token": logout_token(session, client)}).encode())
