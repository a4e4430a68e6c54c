"""How often one may try: by person *and* address, since a whole school sits behind one address.

CNIL 2022-100: after five failures each further try waits over a minute, and longer each time; at most 25 a day. Mail
applications and pages are counted apart: an old telephone with a stale secret keeps nobody out of the portal.

Two guards look wider, since an attacker has many addresses or many names (docs/decisions/0014): a name that many
addresses failed, and an address that failed many names. They refuse nobody who is at home there: whoever has signed in
from this address before goes on; the others share a few tries a minute, and the rest is refused before any hash is computed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone

from ecritoire.accounts.models import SignInEvent

FREE_FAILURES = 5
DAILY_FAILURES = 25
LONGEST_MINUTES = 60
Result, Protocol = SignInEvent.Result, SignInEvent.Protocol
COUNTED = (Result.WRONG_PASSWORD, Result.UNKNOWN_LOGIN, Result.WRONG_CODE)
PAGES = (Protocol.WEB, Protocol.SSO)
MAIL = (Protocol.IMAP, Protocol.POP3, Protocol.SMTP, Protocol.DAV)

HOUR, MINUTE = 3600, 60
ADDRESSES_A_NAME = 20
NAMES_AN_ADDRESS = 50
TRIES_A_NAME = 2
TRIES_AN_ADDRESS = 20
FAMILIAR_DAYS = 90


@dataclass(frozen=True)
class Refusal:
    """Why a try is not even looked at, and until when."""

    result: SignInEvent.Result
    until: dt.datetime
    by_name: bool = False


def refusal(*, login: str, address: str) -> Refusal | None:
    """Whether a try on the pages is refused before its password is hashed. One query, a second one under attack."""
    until = locked_until(login=login, address=address)
    if until:
        return Refusal(Result.LOCKED, until)
    name, place = _key("addresses", login), _key("names", address)
    seen = cache.get_many([name, place])
    by_name = seen.get(name, 0) >= ADDRESSES_A_NAME
    if not by_name and seen.get(place, 0) < NAMES_AN_ADDRESS:
        return None
    if is_familiar(login=login, address=address):
        return None
    key, tries = (_key("tries", login), TRIES_A_NAME) if by_name else (_key("tries", address), TRIES_AN_ADDRESS)
    if count(key, MINUTE) <= tries:
        return None
    return Refusal(Result.SUSPECTED, timezone.now() + dt.timedelta(seconds=MINUTE), by_name)


def locked_until(*, login: str, address: str, protocols: Sequence[SignInEvent.Protocol] = PAGES) -> dt.datetime | None:
    """When the next try of this person from this address is allowed; None when it is allowed now. One query."""
    return pair_state(login=login, address=address, protocols=protocols)[1]


def pair_state(
    *, login: str, address: str, protocols: Sequence[SignInEvent.Protocol]
) -> tuple[int, dt.datetime | None]:
    """How many failures in a row, and until when they lock. One query."""
    now = timezone.now()
    day = dt.timedelta(days=1)
    events = SignInEvent.objects.filter(login=login, address=address or None, at__gt=now - day, protocol__in=protocols)
    tried = events.filter(result__in=(*COUNTED, Result.SUCCESS)).values_list("result", "at")
    failures: list[dt.datetime] = []
    for result, at in tried.order_by("-id")[:DAILY_FAILURES]:
        if result == Result.SUCCESS:
            break
        failures.append(at)
    until = _release(failures, day)
    return len(failures), until if until and until > now else None


def _release(failures: list[dt.datetime], day: dt.timedelta) -> dt.datetime | None:
    if len(failures) >= DAILY_FAILURES:
        return failures[-1] + day
    if len(failures) >= FREE_FAILURES:
        minutes = min(2 ** (len(failures) - FREE_FAILURES), LONGEST_MINUTES)
        return failures[0] + dt.timedelta(minutes=minutes)
    return None


def is_familiar(*, login: str, address: str) -> bool:
    """Whether this person has lately signed in from this address."""
    since = timezone.now() - dt.timedelta(days=FAMILIAR_DAYS)
    events = SignInEvent.objects.filter(login=login, address=address or None, at__gt=since)
    return events.filter(result=Result.SUCCESS).exists()


def failure_note(*, login: str, address: str) -> None:
    """Count a failed name for its address, and a failed address for its name, once an hour each."""
    if cache.add(_key("pair", f"{login}\0{address}"), 1, HOUR):
        count(_key("addresses", login), HOUR)
        count(_key("names", address), HOUR)


def guard_forget(*, login: str) -> None:
    cache.delete_many([_key("addresses", login), _key("tries", login)])


def count(key: str, seconds: int) -> int:
    """One more under ``key``; counting starts again ``seconds`` after the first."""
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ended between the two
        return 1


def _key(kind: str, value: str) -> str:
    return f"limits:{kind}:{hashlib.sha256(value.encode()).hexdigest()}"
