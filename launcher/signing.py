"""Keys with which single sign-on and notifications sign: made once, kept with the other secrets, never rotated by an upgrade.

``oidc-signing-key`` is published as a JWK; ``saml-signing-key`` goes with a self-signed certificate, since SAML metadata
carries certificates and service providers compare them whole. ``push-signing-key`` says to push services who sends (VAPID):
browsers subscribe with it, and a new one would end every subscription.
"""

from __future__ import annotations

import datetime as dt

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from .site import Site

CERTIFICATE_DAYS = 3650


def pems(site: Site, names: set[str]) -> dict[str, str]:
    """Fresh contents for every missing file of ``names``: a key and its certificate are made together."""
    made: dict[str, str] = {}
    if "oidc-signing-key" in names:
        made["oidc-signing-key"] = _pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    if "push-signing-key" in names:
        made["push-signing-key"] = _pem(ec.generate_private_key(ec.SECP256R1()))
    if {"saml-signing-key", "saml-signing-certificate"} & names:
        key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
        made |= {"saml-signing-key": _pem(key), "saml-signing-certificate": _certificate(site, key)}
    return made


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _certificate(site: Site, key: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"SAML {site.config.site.host}"[:64])])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(hours=1))
    signed = builder.not_valid_after(now + dt.timedelta(days=CERTIFICATE_DAYS)).sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()
