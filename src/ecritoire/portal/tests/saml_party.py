"""pysaml2 in its other role: a service provider, which signs its requests and checks what it is answered."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, BINDING_SOAP
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.metadata import entity_descriptor

ENTITY = "https://ressources.test/saml"
CONSUMER, LOGOUT = "https://ressources.test/saml/acs", "https://ressources.test/saml/slo"
BINDINGS = {"redirect": BINDING_HTTP_REDIRECT, "post": BINDING_HTTP_POST}


def make_keys(folder: Path) -> tuple[Path, Path]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ressources.test")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - dt.timedelta(hours=1))
    certificate = builder.not_valid_after(now + dt.timedelta(days=2)).sign(key, hashes.SHA256())
    private, public = folder / "sp.key", folder / "sp.pem"
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return private, public


def sp_config(folder: Path, idp_metadata: str, *, signs: bool = True, **places: str) -> SPConfig:
    """``places`` may give ``consumer``, ``logout`` and ``soap`` addresses of one's own."""
    private, public = folder / "sp.key", folder / "sp.pem"
    if not private.exists():
        make_keys(folder)
    logout = places.get("logout", LOGOUT)
    ends = [(logout, BINDING_HTTP_REDIRECT), (logout, BINDING_HTTP_POST)]
    ends += [(places["soap"], BINDING_SOAP)] if "soap" in places else []
    values: dict[str, Any] = {
        "entityid": places.get("entity", ENTITY),
        "xmlsec_binary": "/usr/bin/xmlsec1",
        "key_file": str(private),
        "cert_file": str(public),
        "allow_unknown_attributes": True,
        "service": {
            "sp": {
                "endpoints": {
                    "assertion_consumer_service": [(places.get("consumer", CONSUMER), BINDING_HTTP_POST)],
                    "single_logout_service": ends,
                },
                "authn_requests_signed": signs,
                "logout_requests_signed": True,
                "want_assertions_signed": True,
                "want_response_signed": True,
            }
        },
    }
    if idp_metadata:
        values["metadata"] = {"inline": [idp_metadata]}
    return SPConfig().load(values)


def sp_metadata(folder: Path, **options: Any) -> str:
    return str(entity_descriptor(sp_config(folder, "", **options)))


def sp_client(folder: Path, idp_metadata: str, **options: Any) -> Saml2Client:
    return Saml2Client(config=sp_config(folder, idp_metadata, **options))
