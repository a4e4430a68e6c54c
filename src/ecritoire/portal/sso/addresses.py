"""Addresses a service may register: HTTPS, or the machine itself in the demonstration."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "::1"}
PLAIN = re.compile(r"[\x21-\x7e]+")


def address_check(address: str) -> str:
    """The address itself when it may be registered. Raises ValidationError with the reason."""
    if not PLAIN.fullmatch(address) or "*" in address or "\\" in address:
        raise ValidationError(_("« %(address)s » : espaces, accents et jokers sont refusés.") % {"address": address})
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if not host or parts.username is not None or parts.fragment:
        raise ValidationError(_("« %(address)s » n'est pas une adresse complète.") % {"address": address})
    local = settings.DEMO and parts.scheme == "http" and host in LOOPBACK
    if parts.scheme != "https" and not local:
        raise ValidationError(_("« %(address)s » doit commencer par https://.") % {"address": address})
    return address
