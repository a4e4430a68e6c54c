"""Secrets: made once at first start, never printed, never rotated by an upgrade."""

from __future__ import annotations

import os
import pwd
import secrets

from . import signing
from .site import SERVICE_USER, Folder, Site

NAMES = (
    "django-key",
    "mail-token-key",
    "app-password-key",
    "factor-key",
    "letterbox-key",
    "nginx-auth-key",
    "redis",
    "rspamd",
    "probe-password",
    "probe-app-password",
    "sso-subject-key",
    "sso-client-key",
)
SIGNING = ("oidc-signing-key", "push-signing-key", "saml-signing-key", "saml-signing-certificate")


def make(site: Site) -> None:
    """Create the secrets that are missing, readable by the service user alone."""
    Folder(site.secrets, SERVICE_USER, SERVICE_USER, 0o700).make()
    for name in NAMES:
        if not (site.secrets / name).exists():
            _write(site, name, secrets.token_hex(32))
    missing = {name for name in SIGNING if not (site.secrets / name).exists()}
    for name, content in signing.pems(site, missing).items():
        _write(site, name, content)


def _write(site: Site, name: str, content: str) -> None:
    owner = pwd.getpwnam(SERVICE_USER)
    fresh = site.secrets / f"{name}.new"
    fresh.touch(mode=0o600)
    fresh.write_text(content)
    os.chown(fresh, owner.pw_uid, owner.pw_gid)
    fresh.replace(site.secrets / name)
