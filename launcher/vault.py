"""Secrets: made once at first start, never printed, never rotated by an upgrade."""

from __future__ import annotations

import os
import pwd
import secrets

from .site import SERVICE_USER, Folder, Site

NAMES = (
    "django-key",
    "mail-token-key",
    "app-password-key",
    "factor-key",
    "nginx-auth-key",
    "redis",
    "rspamd",
    "probe-password",
    "probe-app-password",
)


def make(site: Site) -> None:
    """Create the secrets that are missing, readable by the service user alone."""
    Folder(site.secrets, SERVICE_USER, SERVICE_USER, 0o700).make()
    owner = pwd.getpwnam(SERVICE_USER)
    for name in NAMES:
        path = site.secrets / name
        if path.exists():
            continue
        fresh = path.with_name(name + ".new")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32))
        os.chown(fresh, owner.pw_uid, owner.pw_gid)
        fresh.replace(path)
