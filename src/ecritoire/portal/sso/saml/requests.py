"""Reading what a service sends, and nothing that its metadata do not cover."""

from __future__ import annotations

import base64
import zlib
from dataclasses import asdict, dataclass
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.core import signing
from django.http import HttpRequest
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, SAMLError
from saml2.s_utils import OtherError, UnknownPrincipal, UnsupportedBinding, VersionMismatch
from saml2.sigver import SigverError
from saml2.validate import NotValid

from ecritoire.portal.models import SamlProvider

from .metadata import metadata_read
from .provider import server_for

ISSUER = "{urn:oasis:names:tc:SAML:2.0:assertion}Issuer"
MAX_BYTES, RELAY_BYTES = 50_000, 1_000
SALT, SECONDS = "sso.saml.demand", 30 * 60
FAULTS = (SAMLError, SigverError, NotValid, OtherError, VersionMismatch, UnknownPrincipal, UnsupportedBinding)


class Refused(Exception):
    """The message cannot be trusted or understood: nobody is sent anywhere."""


@dataclass(frozen=True)
class Demand:
    """A sign-in request that passed every check, as it travels through our own pages (signed)."""

    provider_id: int
    request_id: str
    consumer: str
    relay_state: str
    name_id_format: str
    fresh: bool
    passive: bool

    def seal(self) -> str:
        return signing.dumps(asdict(self), salt=SALT, compress=True)

    @classmethod
    def unseal(cls, text: str) -> Demand:
        """Raises signing.BadSignature."""
        return cls(**signing.loads(text, salt=SALT, max_age=SECONDS))


def demand_read(request: HttpRequest) -> Demand:
    """The sign-in request in ``request``. Raises Refused."""
    provider, message, server = message_read(request, "parse_authn_request", always_signed=False)
    try:
        _, consumer = server.pick_binding(
            "assertion_consumer_service", [BINDING_HTTP_POST], "spsso", message, provider.entity_id
        )
    except SAMLError as error:
        raise Refused(str(error)) from error
    policy = message.name_id_policy
    return Demand(
        provider_id=provider.pk,
        request_id=message.id,
        consumer=consumer,
        relay_state=_fields(request).get("RelayState", "")[:RELAY_BYTES],
        name_id_format=(policy.format or "") if policy else "",
        fresh=message.force_authn == "true",
        passive=message.is_passive == "true",
    )


def message_read(request: HttpRequest, method: str, *, always_signed: bool) -> tuple[SamlProvider, Any, Any]:
    """Find who speaks, then have pysaml2 check signature, address, version and date. Raises Refused."""
    fields = _fields(request)
    encoded = fields.get("SAMLRequest", "")
    binding = BINDING_HTTP_POST if request.method == "POST" else BINDING_HTTP_REDIRECT
    provider = _speaker(encoded, deflated=binding == BINDING_HTTP_REDIRECT)
    signed = always_signed or metadata_read(provider.metadata.encode()).signs_requests
    server = server_for(provider, signed=signed)
    proof = {
        "relay_state": fields.get("RelayState"),
        "sigalg": fields.get("SigAlg"),
        "signature": fields.get("Signature"),
    }
    try:
        parsed = getattr(server, method)(encoded, binding, **proof)
    except (*FAULTS, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(type(error).__name__) from error
    if parsed is None or parsed.message is None or not parsed.issue_instant_ok():
        raise Refused("unreadable")
    return provider, parsed.message, server


def _fields(request: HttpRequest) -> dict[str, str]:
    return (request.POST if request.method == "POST" else request.GET).dict()


def _speaker(encoded: str, *, deflated: bool) -> SamlProvider:
    try:
        raw = base64.b64decode(encoded, validate=True)
        text = _inflate(raw) if deflated else raw
        issuer = (fromstring(text, forbid_dtd=True).findtext(ISSUER) or "").strip()
    except (ValueError, zlib.error, ParseError, DefusedXmlException) as error:
        raise Refused("unreadable") from error
    rows = SamlProvider.objects.filter(entity_id=issuer, service__enabled=True, service__protocol="saml")
    provider = rows.select_related("service").first()
    if provider is None:
        raise Refused("unknown issuer")
    return provider


def _inflate(raw: bytes) -> bytes:
    inflater = zlib.decompressobj(-15)
    text = inflater.decompress(raw, MAX_BYTES)
    if inflater.unconsumed_tail:
        raise ValueError("too long")
    return text
