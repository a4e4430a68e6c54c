"""Which registered service an address belongs to."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from ecritoire.portal.models import CasClient

PLAIN = re.compile(r"[\x21-\x7e]{1,1000}")


def client_for(address: str) -> CasClient | None:
    """The enabled client one of whose addresses covers ``address``."""
    if not PLAIN.fullmatch(address) or "\\" in address:
        return None
    clients = CasClient.objects.filter(service__enabled=True, service__protocol="cas").select_related("service")
    return next((client for client in clients if any(covers(known, address) for known in client.addresses)), None)


def covers(known: str, address: str) -> bool:
    """Same scheme, host and port, and a path at or below: ``/note`` covers ``/note/2`` and not ``/notes``."""
    ours, theirs = urlsplit(known), urlsplit(address)
    if (ours.scheme, ours.netloc) != (theirs.scheme, theirs.netloc) or theirs.fragment:
        return False
    path = unquote(theirs.path) or "/"
    if ".." in path.split("/"):
        return False
    return path == (ours.path or "/") or path.startswith(ours.path.rstrip("/") + "/")
