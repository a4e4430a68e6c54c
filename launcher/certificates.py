"""A local certificate authority and the server's certificate, until the administrator installs others."""

from __future__ import annotations

import datetime as dt
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .site import Folder, Site

AUTHORITY_DAYS = 3650
SERVER_DAYS = 397
RENEW_DAYS = 30


def make(site: Site) -> bool:
    """Make what is missing or ends within a month; True when the server's certificate is new."""
    Folder(site.tls, mode=0o755).make()
    if not (site.tls / "ca.key").exists():
        _make_authority(site.tls)
    certificate = site.tls / "server.pem"
    if certificate.exists() and not _ends_soon(certificate) and site.config.site.host in _names(certificate):
        return False
    _make_server(site)
    return True


def not_after(path: Path) -> dt.datetime:
    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc


def _ends_soon(path: Path) -> bool:
    return not_after(path) - dt.datetime.now(dt.UTC) < dt.timedelta(days=RENEW_DAYS)


def _names(path: Path) -> list[str]:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return names.get_values_for_type(x509.DNSName)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(subject: x509.Name, issuer: x509.Name, days: int) -> x509.CertificateBuilder:
    start = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(start).not_valid_after(start + dt.timedelta(days=days))


def _make_authority(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Écritoire, autorité locale")
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    builder = _builder(name, name, AUTHORITY_DAYS).public_key(key.public_key())
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    _write(folder / "ca.key", _key_bytes(key), 0o600)
    _write(folder / "ca.pem", builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM), 0o644)


def _make_server(site: Site) -> None:
    authority = x509.load_pem_x509_certificate((site.tls / "ca.pem").read_bytes())
    authority_key = serialization.load_pem_private_key((site.tls / "ca.key").read_bytes(), None)
    if not isinstance(authority_key, ec.EllipticCurvePrivateKey):
        raise TypeError("the local authority's key is an EC key")
    key = ec.generate_private_key(ec.SECP256R1())
    names = dict.fromkeys([site.config.site.host, f"mail.{site.config.site.domain}", "localhost"])
    alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    alternatives.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    builder = _builder(_name(site.config.site.host), authority.subject, SERVER_DAYS).public_key(key.public_key())
    builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    builder = builder.add_extension(identifier, critical=False)
    signed = builder.sign(authority_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    _write(site.tls / "server.key", _key_bytes(key), 0o600)
    _write(site.tls / "server.pem", signed + (site.tls / "ca.pem").read_bytes(), 0o644)


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    fresh.chmod(mode)
    fresh.replace(path)
