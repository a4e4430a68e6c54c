"""A local certificate authority and the server's certificate, until the administrator installs others."""

from __future__ import annotations

import datetime as dt
import ipaddress
import shutil
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .site import SERVICE_USER, Folder, Site

AUTHORITY_DAYS = 3650
SERVER_DAYS = 397
PROFILE_DAYS = 1825
RENEW_DAYS = 30
AUTHORITY = "Écritoire, autorité locale"


def make(site: Site) -> bool:
    """Make what is missing or ends within a month; True when the server's certificate is new."""
    Folder(site.tls, mode=0o755).make()
    if not (site.tls / "ca.key").exists():
        _make_authority(site.tls)
    if _is_due(site.tls / "profiles.pem"):
        _make_profile_signer(site)
    certificate = site.tls / "server.pem"
    if not _is_due(certificate) and (not _ours(certificate) or set(server_names(site)) <= set(_names(certificate))):
        return False
    _make_server(site)
    return True


def server_names(site: Site) -> list[str]:
    """What people and mail applications type or look up."""
    names = [
        name
        for academy in site.served
        for name in (academy.host, *(f"{part}.{academy.domain}" for part in ("mail", "autoconfig", "autodiscover")))
    ]
    return list(dict.fromkeys([*names, "localhost"]))


def _is_due(certificate: Path) -> bool:
    """Missing, or one of ours at its end: what an administrator installed is never replaced."""
    return not certificate.exists() or (_ours(certificate) and _ends_soon(certificate))


def _ours(certificate: Path) -> bool:
    return x509.load_pem_x509_certificate(certificate.read_bytes()).issuer == _name(AUTHORITY)


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
    name = _name(AUTHORITY)
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    builder = _builder(name, name, AUTHORITY_DAYS).public_key(key.public_key())
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    _write(folder / "ca.key", _key_bytes(key), 0o600)
    _write(folder / "ca.pem", builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM), 0o644)


def _make_server(site: Site) -> None:
    alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in server_names(site)]
    alternatives.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _issued(site, site.config.site.host, SERVER_DAYS, ExtendedKeyUsageOID.SERVER_AUTH)
    builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    _write(site.tls / "server.key", _key_bytes(key), 0o600)
    _write(site.tls / "server.pem", _signed(site, builder.public_key(key.public_key())), 0o644)


def _make_profile_signer(site: Site) -> None:
    """What signs configuration profiles. A pair of its own: the pages must not read the TLS key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = f"Écritoire, profils de {site.config.site.host}"
    builder = _issued(site, name, PROFILE_DAYS, ExtendedKeyUsageOID.EMAIL_PROTECTION).public_key(key.public_key())
    _write(site.tls / "profiles.key", _key_bytes(key), 0o600)
    shutil.chown(site.tls / "profiles.key", SERVICE_USER, SERVICE_USER)
    _write(site.tls / "profiles.pem", _signed(site, builder), 0o644)


def _authority(site: Site) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = serialization.load_pem_private_key((site.tls / "ca.key").read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the local authority's key is an EC key")
    return x509.load_pem_x509_certificate((site.tls / "ca.pem").read_bytes()), key


def _issued(site: Site, name: str, days: int, usage: x509.ObjectIdentifier) -> x509.CertificateBuilder:
    """What every certificate of the local authority has; the public key is the caller's."""
    authority, authority_key = _authority(site)
    builder = _builder(_name(name), authority.subject, days)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return builder.add_extension(identifier, critical=False)


def _signed(site: Site, builder: x509.CertificateBuilder) -> bytes:
    """The certificate and its authority's, as PEM."""
    signed = builder.sign(_authority(site)[1], hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    return signed + (site.tls / "ca.pem").read_bytes()


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
