"""How many days are left, for the banner of every page. Costs no query: the session's account carries its dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from .lifecycle import State
from .models import Account

HIDDEN = "ending_hidden"
SHOWN_DAYS = 30


@dataclass(frozen=True)
class Countdown:
    """``date`` is the last day of the account once it is ending, of the right before."""

    days: int
    date: dt.date
    is_ending: bool

    @property
    def is_pressing(self) -> bool:
        return self.is_ending and self.days <= 7  # noqa: PLR2004 - a week


def countdown(account: Account, *, today: dt.date) -> Countdown | None:
    if account.state == State.ENDING and account.closes_on:
        return Countdown(max((account.closes_on - today).days, 0), account.closes_on, is_ending=True)
    until = account.person.right_until
    if account.state == State.ACTIVATED and until and 0 <= (until - today).days <= SHOWN_DAYS:
        return Countdown((until - today).days, until, is_ending=False)
    return None
