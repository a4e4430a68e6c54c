"""Which registered service an address belongs to."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from ecritoire.portal.models import CasClient

PLAIN = re.compile(r"[\x21-\x7e]{1,1000}")


def client_for(address: str, *, organisation: int | None = None) -> CasClient | None:
    """The enabled client one of whose addresses covers ``address``: that of the person's ``organisation`` where several
    académies connected it, so that none shuts another's people out by registering their service."""
    if not PLAIN.fullmatch(address) or "\\" in address:
        return None
    clients = CasClient.objects.filter(service__enabled=True, service__protocol="cas").select_related("service")
    covering = [client for client in clients if any(covers(known, address) for known in client.addresses)]
    return min(covering, key=lambda client: _distance(client, organisation), default=None)


def _distance(client: CasClient, organisation: int | None) -> int:
    owner = client.service.organisation_id
    return 1 if owner is None else 0 if owner == organisation else 2


def covers(known: str, address: str) -> bool:
    """Same scheme, host and port, and a path at or below: ``/note`` covers ``/note/2`` and not ``/notes``."""
    ours, theirs = urlsplit(known), urlsplit(address)
    if (ours.scheme, ours.netloc) != (theirs.scheme, theirs.netloc) or theirs.fragment:
        return False
    path = unquote(theirs.path) or "/"
    if ".." in path.split("/"):
        return False
    return path == (ours.path or "/") or path.startswith(ours.path.rstrip("/") + "/")
