"""Where a person is in saying « c'était moi » or « ce n'était pas moi », kept in their session.

Two stages: *asked* (which alert, which answer, still to be proved) and *proved* (one intrusion, for half an hour, on this browser).
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from .models import Account, Intrusion, SignInAlert
from .selectors.alerts import intrusion_by_id

ASKED, PROVED = "suspicion_asked", "suspicion_proved"
SECONDS = 1800


@dataclass(frozen=True)
class Asked:
    """What is to be proved: that ``account``'s owner answers. ``mine`` is the answer."""

    account: Account
    alert: SignInAlert | None
    since: dt.datetime
    mine: bool
    link: int


def ask(
    request: HttpRequest,
    *,
    account: Account,
    since: dt.datetime,
    alert: SignInAlert | None = None,
    mine: bool = False,
    link: int = 0,
) -> None:
    alert_id = alert.pk if alert else 0
    told = {"account": account.pk, "alert": alert_id, "since": since.isoformat(), "mine": mine, "link": link}
    request.session[ASKED] = {**told, "at": time.time()}


def asked(request: HttpRequest) -> Asked | None:
    told = request.session.get(ASKED)
    if not told or time.time() - told["at"] > SECONDS:
        return None
    account = Account.objects.select_related("person", "recovery_address").filter(pk=told["account"]).first()
    if account is None or not account.is_activated:
        return None
    alert = account.alerts.filter(pk=told["alert"]).first()
    return Asked(account, alert, dt.datetime.fromisoformat(told["since"]), told["mine"], told["link"])


def prove(request: HttpRequest, intrusion: Intrusion | None) -> None:
    """The proof is given: what was asked is over, and the gesture is open in this browser only."""
    request.session.pop(ASKED, None)
    if intrusion is not None:
        if not request.user.is_authenticated:
            request.session.cycle_key()
        request.session[PROVED] = {"intrusion": intrusion.pk, "at": time.time()}


def proved(request: HttpRequest) -> Intrusion | None:
    told = request.session.get(PROVED)
    if not told or time.time() - told["at"] > SECONDS:
        return None
    intrusion = intrusion_by_id(told["intrusion"])
    if intrusion is None or (request.user.is_authenticated and request.user.pk != intrusion.account_id):
        return None
    return intrusion


def session_is_older(request: HttpRequest, account: Account, alert: SignInAlert) -> bool:
    """The person was signed in here before what they are asked about: it is not the stranger who answers."""
    if request.user.pk != account.pk:
        return False
    started = dt.datetime.fromtimestamp(request.session.get("started", time.time()), timezone.get_current_timezone())
    return started < alert.first_at
