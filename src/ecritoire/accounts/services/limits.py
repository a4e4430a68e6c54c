"""How often one may try: by person *and* address, since a whole school sits behind one address.

CNIL 2022-100: after five failures each further try waits over a minute, and longer each time; at most 25 a day.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from ecritoire.accounts.models import SignInEvent

FREE_FAILURES = 5
DAILY_FAILURES = 25
LONGEST_MINUTES = 60
COUNTED = (SignInEvent.Result.WRONG_PASSWORD, SignInEvent.Result.UNKNOWN_LOGIN, SignInEvent.Result.WRONG_CODE)


def locked_until(*, login: str, address: str) -> dt.datetime | None:
    """When the next try is allowed; None when it is allowed now. One query."""
    now = timezone.now()
    day = dt.timedelta(days=1)
    events = SignInEvent.objects.filter(login=login, address=address or None, at__gt=now - day)
    tried = events.filter(result__in=(*COUNTED, SignInEvent.Result.SUCCESS)).values_list("result", "at")
    failures: list[dt.datetime] = []
    for result, at in tried.order_by("-id")[:DAILY_FAILURES]:
        if result == SignInEvent.Result.SUCCESS:
            break
        failures.append(at)
    until = _release(failures, day)
    return until if until and until > now else None


def _release(failures: list[dt.datetime], day: dt.timedelta) -> dt.datetime | None:
    if len(failures) >= DAILY_FAILURES:
        return failures[-1] + day
    if len(failures) >= FREE_FAILURES:
        minutes = min(2 ** (len(failures) - FREE_FAILURES), LONGEST_MINUTES)
        return failures[0] + dt.timedelta(minutes=minutes)
    return None
