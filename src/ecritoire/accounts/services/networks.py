"""Which networks many people share: learnt from who signs in from where, and from the operator's list of relays.

A shared network says nothing about where one person is, and cannot be unknown to them.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count

from ecritoire.accounts.models import NetworkUse

SHARED_BY = 3
RECENT = dt.timedelta(days=90)


def shared_among(*, networks: Iterable[str], account_id: int, at: dt.datetime) -> frozenset[str]:
    """Those of ``networks`` that at least three others have used within three months, or that are relays. One query."""
    asked = {network for network in networks if network}
    if not asked:
        return frozenset()
    rows = NetworkUse.objects.filter(network__in=asked, last_seen_at__gt=at - RECENT).exclude(account_id=account_id)
    counted = rows.values("network").annotate(people=Count("account_id")).filter(people__gte=SHARED_BY)
    return frozenset(row["network"] for row in counted) | {network for network in asked if is_relay(network)}


def network_note(*, network: str, account_id: int, at: dt.datetime) -> None:
    """At most one write a day."""
    known = NetworkUse.objects.filter(
        network=network, account_id=account_id, last_seen_at__gt=at - dt.timedelta(days=1)
    )
    if known.exists():
        return
    row = NetworkUse(network=network, account_id=account_id, last_seen_at=at)
    NetworkUse.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["network", "account"], update_fields=["last_seen_at"]
    )


def is_relay(network: str) -> bool:
    """Inside a range of ``overrides/accounts/relays.txt``: private relays, companies' gateways."""
    path = settings.CONFIG.path.parent / "overrides" / "accounts" / "relays.txt"
    ranges = _relays(path, path.stat().st_mtime) if path.exists() else ()
    asked = ipaddress.ip_network(network)
    return any(known.version == asked.version and asked.subnet_of(known) for known in ranges)  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def _relays(path: Path, changed: float) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    lines = (line.partition("#")[0].strip() for line in path.read_text().splitlines())
    return tuple(ipaddress.ip_network(line, strict=False) for line in lines if line)
