"""Single logout as CAS does it: a SAML 1.1-looking form posted to the address the ticket was issued for."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from urllib.parse import urlencode
from xml.etree import ElementTree as ET  # nosec - only writes

from ecritoire.portal.models import CasClient, ServiceSession
from ecritoire.portal.sso.post import Post

from .answers import identifier

SAMLP, SAML = "urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:2.0:assertion"
ET.register_namespace("samlp", SAMLP)
ET.register_namespace("saml", SAML)


def logout_post(session: ServiceSession) -> Post | None:
    """None for a ticket that was never presented: the service knows nothing of it."""
    client = CasClient.objects.filter(service=session.service).first()
    if client is None or not client.single_logout or session.redeemed_at is None:
        return None
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    attributes = {"ID": f"LR-{secrets.token_hex(16)}", "Version": "2.0", "IssueInstant": now}
    root = ET.Element(f"{{{SAMLP}}}LogoutRequest", attributes)
    ET.SubElement(root, f"{{{SAML}}}NameID").text = identifier(session)
    ET.SubElement(root, f"{{{SAMLP}}}SessionIndex").text = session.handle
    return Post(session.address, urlencode({"logoutRequest": ET.tostring(root, encoding="unicode")}).encode())
