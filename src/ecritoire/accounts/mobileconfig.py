"""Apple's configuration profiles: a property list, signed (CMS) so that the device says where it comes from."""

from __future__ import annotations

import plistlib
import uuid
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from django.conf import settings

from .client_settings import servers
from .models import AppPassword, MailProtocol

CONTENT_TYPE = "application/x-apple-aspen-config"
INCOMING = {MailProtocol.IMAP: "EmailTypeIMAP", MailProtocol.POP3: "EmailTypePOP"}


def profile_possible(protocols: list[str]) -> bool:
    """A profile, like an export for Android, is a whole account: one way in and the way out."""
    return MailProtocol.SMTP in protocols and bool(set(protocols) & set(INCOMING))


def profile(*, app_password: AppPassword, secret: str = "") -> bytes:
    """The signed profile of one application, with its secret inside when it is known."""
    return sign(plistlib.dumps(_document(app_password, secret)))


def _document(app_password: AppPassword, secret: str) -> dict[str, Any]:
    """Without a secret the device asks for it. The identifiers are stable: installing again replaces."""
    here = app_password.account.person.organisation
    name = f"{here.name} – {app_password.name}"
    return {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{_reverse(here.mail_domain)}.ecritoire.{app_password.pk}",
        "PayloadUUID": _uuid(app_password, "profile"),
        "PayloadDisplayName": name,
        "PayloadOrganization": here.name,
        "PayloadDescription": app_password.account.login,
        "PayloadContent": [_mail_payload(app_password, secret)],
    }


def _mail_payload(app_password: AppPassword, secret: str) -> dict[str, Any]:
    here = app_password.account.person.organisation
    known = {server.protocol: server for server in servers(here, app_password.protocols)}
    incoming = known.get(MailProtocol.IMAP) or known[MailProtocol.POP3]
    outgoing, login = known[MailProtocol.SMTP], app_password.account.login
    payload: dict[str, Any] = {
        "PayloadType": "com.apple.mail.managed",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{_reverse(here.mail_domain)}.ecritoire.{app_password.pk}.mail",
        "PayloadUUID": _uuid(app_password, "mail"),
        "PayloadDisplayName": here.name,
        "EmailAccountDescription": here.name,
        "EmailAccountName": app_password.account.display_name,
        "EmailAccountType": INCOMING[incoming.protocol],
        "EmailAddress": login,
        "IncomingMailServerAuthentication": "EmailAuthPassword",
        "IncomingMailServerHostName": incoming.host,
        "IncomingMailServerPortNumber": incoming.port,
        "IncomingMailServerUseSSL": True,
        "IncomingMailServerUsername": login,
        "OutgoingMailServerAuthentication": "EmailAuthPassword",
        "OutgoingMailServerHostName": outgoing.host,
        "OutgoingMailServerPortNumber": outgoing.port,
        "OutgoingMailServerUseSSL": True,
        "OutgoingMailServerUsername": login,
        "OutgoingPasswordSameAsIncomingPassword": True,
    }
    return payload | ({"IncomingPassword": secret} if secret else {})


def sign(content: bytes) -> bytes:
    """CMS signed data (DER) around ``content``, with the chain that verifies it."""
    folder = settings.CONFIG.data_dir / "tls"
    signer, *chain = x509.load_pem_x509_certificates((folder / "profiles.pem").read_bytes())
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(signer, _key(folder / "profiles.key"), hashes.SHA256())
    for certificate in chain:
        builder = builder.add_certificate(certificate)
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def _key(path: Path) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise TypeError(f"{path} must be an EC or RSA key")
    return key


def _reverse(domain: str) -> str:
    return ".".join(reversed(domain.split(".")))


def _uuid(app_password: AppPassword, part: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.CONFIG.base_url}/{app_password.pk}/{part}")).upper()
