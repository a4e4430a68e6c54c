"""Password spraying: one network, many identifiers, a few tries of each, nearly all in vain."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .events import SignIn

WINDOW = dt.timedelta(hours=24)
LEAST_LOGINS = 10
MOST_TRIES_EACH = 5
LEAST_VAIN = 0.75


@dataclass(frozen=True)
class Spray:
    network: str
    first_at: dt.datetime
    last_at: dt.datetime
    logins: int
    tries: int
    succeeded: tuple[str, ...]


def spray_in(events: Sequence[SignIn]) -> Spray | None:
    """The spray in the events of one network within a day; None for a school after the holidays.

    At a school many mistype, but nearly all get in at last: what tells is the share of identifiers that never do.
    """
    failed = Counter(event.login for event in events if not event.success)
    entered = {event.login for event in events if event.success}
    vain = failed.keys() - entered
    everyone = failed.keys() | entered
    if len(vain) < LEAST_LOGINS or len(vain) < LEAST_VAIN * len(everyone):
        return None
    if statistics.median(failed.values()) > MOST_TRIES_EACH:
        return None
    times = sorted(event.at for event in events if not event.success)
    return Spray(
        network=events[0].network,
        first_at=times[0],
        last_at=times[-1],
        logins=len(failed),
        tries=sum(failed.values()),
        succeeded=tuple(sorted(entered)),
    )
