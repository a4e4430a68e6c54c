"""What is looked for, for what reason. It is kept in the session of whoever looks: an address of a page names nobody."""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

KEPT = "traces"
SEARCHES_KEPT = 10
DAYS = 7


@dataclasses.dataclass(frozen=True)
class TraceQuery:
    """One of ``address``, ``other`` (an address or a domain) and ``message_id`` at least; days as ISO dates.

    ``number``, ``back`` and ``attach`` are set by whoever opens a search from elsewhere: the request for help, its page, and the
    page that takes a found message in.
    """

    reason: str
    address: str = ""
    other: str = ""
    message_id: str = ""
    since: str = ""
    until: str = ""
    status: str = ""
    number: str = ""
    back: str = ""
    attach: str = ""

    def criteria(self) -> dict[str, str]:
        """What the journal keeps."""
        told = dataclasses.asdict(self)
        return {name: value for name, value in told.items() if name not in {"back", "attach"}}

    @property
    def period(self) -> tuple[dt.datetime, dt.datetime]:
        """From the first midnight to the last."""
        today = timezone.localdate()
        since = dt.date.fromisoformat(self.since) if self.since else today - dt.timedelta(days=DAYS)
        until = dt.date.fromisoformat(self.until) if self.until else today
        first, last = (timezone.make_aware(dt.datetime.combine(day, dt.time())) for day in (since, until))
        return first, last + dt.timedelta(days=1)

    @property
    def last_day(self) -> dt.datetime:
        return self.period[1] - dt.timedelta(seconds=1)


def query_keep(session: SessionBase, query: TraceQuery) -> str:
    """The token of its page; the last ones only are kept."""
    token = secrets.token_urlsafe(12)
    kept: dict[str, Any] = session.get(KEPT, {})
    kept = dict(list(kept.items())[-(SEARCHES_KEPT - 1) :]) | {token: dataclasses.asdict(query)}
    session[KEPT] = kept
    return token


def query_kept(session: SessionBase, token: str) -> TraceQuery | None:
    known = session.get(KEPT, {}).get(token)
    return TraceQuery(**known) if known else None
