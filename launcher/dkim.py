"""DKIM keys (RFC 6376): made once for each domain we sign, with the DNS record to publish beside."""

from __future__ import annotations

import base64
import grp
import os
import pwd
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from .site import SERVICE_USER, Site

SELECTOR = "ecritoire"


def key_path(site: Site, domain: str) -> Path:
    return site.store("dkim") / f"{domain}.{SELECTOR}.key"


def make_key(site: Site, domain: str) -> None:
    """A DKIM key (RFC 6376) for ``domain`` and, beside it, the DNS text record to publish."""
    path = key_path(site, domain)
    if path.exists():
        return
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    path.with_suffix(".txt").write_text(f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}")
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    os.chown(fresh, pwd.getpwnam(SERVICE_USER).pw_uid, grp.getgrnam("_rspamd").gr_gid)
    fresh.chmod(0o640)
    fresh.replace(path)


def public_record(site: Site, domain: str) -> list[str]:
    """The record's text in the 255-byte strings DNS wants."""
    text = key_path(site, domain).with_suffix(".txt").read_text()
    return [text[start : start + 200] for start in range(0, len(text), 200)]
