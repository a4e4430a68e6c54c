"""Looking for password spraying over all accounts, every minute, with one grouped query when nothing happens."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils import timezone

from ecritoire.accounts.detection import spray_in
from ecritoire.accounts.detection.spray import LEAST_LOGINS, WINDOW
from ecritoire.accounts.models import SignInEvent, SprayEpisode
from ecritoire.accounts.places import country_of

from .alerts import FAILED, Result, as_sign_in, spray_success

SUSPECTS = """
SELECT network(set_masklen(address, CASE family(address) WHEN 4 THEN 24 ELSE 48 END))::text AS range
FROM accounts_signinevent WHERE at > %s AND address IS NOT NULL AND result = ANY(%s)
GROUP BY 1 HAVING count(DISTINCT login) >= %s AND max(at) > %s
"""
FRESH = dt.timedelta(minutes=15)
ADDRESSES_SHOWN = 20


def sprays_scan(*, now: dt.datetime | None = None) -> list[SprayEpisode]:
    """Bring the sprays under way up to date and look again at who got in from there; returns them."""
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(SUSPECTS, [now - WINDOW, [str(result) for result in FAILED], LEAST_LOGINS, now - FRESH])
        networks = [row[0] for row in cursor.fetchall()]
    found = (_scan(network, now) for network in networks)
    return [row for row in found if row]


def _scan(network: str, now: dt.datetime) -> SprayEpisode | None:
    inside = SignInEvent.objects.extra(where=["address <<= %s::inet"], params=[network])
    told = inside.filter(at__gt=now - WINDOW, result__in=[*FAILED, Result.SUCCESS]).select_related("account")
    events = list(told.order_by("id"))
    spray = spray_in([as_sign_in(event) for event in events])
    if spray is None:
        return None
    failed = [event for event in events if event.result != Result.SUCCESS]
    row = SprayEpisode.objects.filter(network=network, last_at__gt=now - WINDOW).first()
    row = row or SprayEpisode(network=network, first_at=spray.first_at)
    row.last_at, row.logins, row.tries = spray.last_at, spray.logins, spray.tries
    row.succeeded = list(spray.succeeded)
    row.addresses = sorted({str(event.address) for event in failed})[:ADDRESSES_SHOWN]
    row.by_domain = _by_domain([event.login for event in failed])
    row.country = country_of(row.addresses[0])
    row.save()
    for event in events:
        if event.result == Result.SUCCESS and event.at >= row.first_at:
            spray_success(row=row, event=event)
    return row


def _by_domain(logins: list[str]) -> dict[str, tuple[int, int]]:
    """Tries and identifiers aimed at each académie: none is shown another's."""
    by_domain: dict[str, list[str]] = {}
    for login in logins:
        by_domain.setdefault(login.rpartition("@")[2], []).append(login)
    return {domain: (len(found), len(set(found))) for domain, found in by_domain.items()}
