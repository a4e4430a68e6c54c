"""Single logout as CAS does it: a SAML 1.1-looking form posted to the address the ticket was issued for."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from ecritoire.portal.models import CasClient, ServiceSession
from ecritoire.portal.sso.post import Post

from .answers import identifier

# Text rather than ElementTree, whose prefixes are registered for the whole process: pysaml2 lives there too.
REQUEST = (
    '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="LR-{id}" Version="2.0" IssueInstant="{now}">'
    '<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{user}</saml:NameID>'
    "<samlp:SessionIndex>{ticket}</samlp:SessionIndex></samlp:LogoutRequest>"
)


def logout_post(session: ServiceSession) -> Post | None:
    """None for a ticket that was never presented: the service knows nothing of it."""
    client = CasClient.objects.filter(service=session.service).first()
    if client is None or not client.single_logout or session.redeemed_at is None:
        return None
    text = REQUEST.format(
        id=secrets.token_hex(16),
        now=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        user=escape(identifier(session)),
        ticket=escape(session.handle),
    )
    return Post(session.address, urlencode({"logoutRequest": text}).encode())
