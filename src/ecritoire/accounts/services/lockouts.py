"""Each time somebody is kept out: recorded when it begins, and how it ends."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from ecritoire.accounts.models import Account, Lockout, SignInEvent

from .limits import COUNTED, HOUR, MAIL, MINUTE, PAGES, failure_note, guard_forget, pair_state

Cause, Result = Lockout.Cause, SignInEvent.Result
EXPIRED = (Result.EXPIRED, Result.PASSWORD_EXPIRED)
SAME_EPISODE = dt.timedelta(minutes=10)
DAY = dt.timedelta(days=1)
KEPT = dt.timedelta(days=365)


def lockout_follow(event: SignInEvent) -> None:
    """Called with each recorded try: counts a failure, and opens or lengthens what it leads to."""
    result, address = event.result, event.address or ""
    if result in COUNTED:
        protocols = MAIL if event.protocol in MAIL else PAGES
        if protocols is PAGES:
            failure_note(login=event.login, address=address)
        failures, until = pair_state(login=event.login, address=address, protocols=protocols)
        if until:
            cause = Cause.WRONG_CODE if result == Result.WRONG_CODE else Cause.WRONG_PASSWORD
            _open(event, cause, until, failures)
    elif result in EXPIRED and event.account is not None:
        _open(event, Cause.EXPIRED, None, 1)


def lockout_suspect(*, login: str, account: Account | None, address: str, by_name: bool) -> None:
    """Note an attack presumed: on a name, whatever the addresses, or from an address, whatever the names. Once a minute."""
    subject = login if by_name else address
    if not cache.add(f"lockout:suspected:{subject}", 1, MINUTE):
        return
    who = (
        {"login": login, "account": account, "address": None}
        if by_name
        else {"login": "", "account": None, "address": address or None}
    )
    event = SignInEvent(protocol=SignInEvent.Protocol.WEB, **who)
    _open(event, Cause.SUSPECTED, timezone.now() + dt.timedelta(seconds=HOUR), 1)


def _open(event: SignInEvent, cause: Lockout.Cause, until: dt.datetime | None, failures: int) -> None:
    """A new row, or the one of the same episode with its new end."""
    now = timezone.now()
    same = Lockout.objects.filter(login=event.login, address=event.address, cause=cause, end=Lockout.End.TIME)
    recent = same.filter(Q(ended_at__gt=now - SAME_EPISODE) | Q(ended_at=None)).order_by("-id").first()
    if recent:
        Lockout.objects.filter(pk=recent.pk).update(ended_at=until, failures=max(failures, recent.failures))
        return
    Lockout.objects.create(
        login=event.login,
        account=event.account,
        address=event.address,
        protocol=event.protocol,
        cause=cause,
        started_at=now,
        ended_at=until,
        failures=failures,
    )


def lockouts_end(*, login: str, end: Lockout.End) -> int:
    """Whatever keeps ``login`` out ends now; returns how many lockouts that were. The failures stay in the history, forgiven."""
    now = timezone.now()
    failures = SignInEvent.objects.filter(login=login, result__in=COUNTED, at__gt=now - DAY)
    failures.update(result=Result.FORGIVEN)
    guard_forget(login=login)
    lasting = Lockout.objects.filter(Q(ended_at__gt=now) | Q(ended_at=None), login=login)
    return lasting.update(ended_at=now, end=end)


def lockouts_purge() -> int:
    """Forget lockouts after a year: they name people and addresses (CNIL 2021-122)."""
    return Lockout.objects.filter(started_at__lt=timezone.now() - KEPT).delete()[0]
