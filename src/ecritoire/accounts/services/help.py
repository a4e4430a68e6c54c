"""Asking for help without signing in."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.models import Account, SignInEvent

from .access import HelpKind, help_request
from .limits import COUNTED, count, locked_until

DAY = 86_400
A_NAME, AN_ADDRESS = 3, 30


def failures_today(*, login: str, address: str) -> int:
    """How often this name failed from this address in a day: by the name typed, so nobody learns whether it exists."""
    day_ago = timezone.now() - dt.timedelta(days=1)
    events = SignInEvent.objects.filter(login=login, address=address or None, at__gt=day_ago)
    return events.filter(result__in=(*COUNTED, SignInEvent.Result.LOCKED)).count()


def forgotten_help(*, login: str, contact: str, text: str, address: str, codes_tried: int) -> bool:
    """Pass a request on to the help desk with what is known here; False when too many were made today."""
    asked = [_asked(login), _asked(address)]
    if asked[0] > A_NAME or asked[1] > AN_ADDRESS:
        return False
    until = locked_until(login=login, address=address)
    failures = failures_today(login=login, address=address)
    with transaction.atomic():
        account = Account.objects.filter(login=login).select_related("person").first()
        help_request(
            account=account,
            login=login,
            contact=contact,
            kind=HelpKind.FORGOTTEN_PASSWORD,
            text=text,
            failed_attempts=str(failures),
            codes_tried=str(codes_tried),
            address=address,
            locked_until=until.isoformat() if until else "",
        )
    return True


def _asked(what: str) -> int:
    return count(f"help:{hashlib.sha256(what.encode()).hexdigest()}", DAY)
