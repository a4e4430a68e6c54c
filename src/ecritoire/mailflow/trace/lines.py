"""One line of Postfix's log, understood or left aside. Knows nothing of the database, and refuses no line.

What a stranger chooses stands in these lines too. An address is read whole, quoted or not; a refusal that can be read in two ways,
which no ordinary address makes possible, is left aside.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

WORDS_LIMIT, ADDRESS_LIMIT, ID_LIMIT = 400, 320, 400
NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS = {name: rank for rank, name in enumerate(NAMES, 1)}
DAY = dt.timedelta(days=1)
ADDRESS = r'<((?>"(?>[^"\\]|\\.)*"|[^">])*+)>'
CLIENT = r"[^\s\[\]]*\[([^\]]*)\]"
ENVELOPE = rf"; from={ADDRESS}(?: to={ADDRESS})? proto=\w+(?: helo=<[^<>]*>)?"

HEAD = re.compile(r"(\w{3} [ \d]\d \d\d:\d\d:\d\d) \S+ (\S+)/([\w-]+)\[\d+\]: ([0-9A-Za-z]{5,20}): (.+)", re.DOTALL)
OPENED = re.compile(rf"client={CLIENT}(.*)", re.DOTALL)
IDENTIFIED = re.compile(r"message-id=(.*)", re.DOTALL)
SIZED = re.compile(rf"from={ADDRESS}, size=(\d+), nrcpt=\d+")
EXPIRED = re.compile(rf"from={ADDRESS}, status=(?:force-)?expired\b")
TRIED = re.compile(
    rf"to={ADDRESS}, (?:orig_to={ADDRESS}, )?relay=(\S*), .*?dsn=(\d\.\d+\.\d+), status=(\w+) \((.*)\)", re.DOTALL
)
REFUSED = re.compile(
    rf"(?:milter-)?(reject|hold|discard): ([A-Z][\w-]*) from {CLIENT}: (?:(\d{{3}}) )?(?:(\d\.\d+\.\d+) )?(.*){ENVELOPE}$",
    re.DOTALL,
)
BY_CONTENT = re.compile(
    rf"(reject|hold|discard): [a-z-]+ .* from {CLIENT}{ENVELOPE}: (?:(\d\.\d+\.\d+) )?([^:]*)$", re.DOTALL
)
NOTIFIED = re.compile(r"sender (non-delivery|delay|delivery status) notification: ([0-9A-Za-z]{5,20})$")
BORDER = "; from=<"
HOST_ONLY = re.compile(r"\[/[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Opened:
    """A message comes in. ``is_submitted``: by somebody signed in, or from the service."""

    at: dt.datetime
    queue_id: str
    client: str
    is_submitted: bool


@dataclass(frozen=True, slots=True)
class Identified:
    at: dt.datetime
    queue_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Sized:
    at: dt.datetime
    queue_id: str
    sender: str
    size: int


@dataclass(frozen=True, slots=True)
class Tried:
    """A delivery to one recipient, as it ended this time. ``original`` is whom the sender wrote to, where an alias led elsewhere."""

    at: dt.datetime
    queue_id: str
    recipient: str
    original: str
    relay: str
    dsn: str
    status: str
    words: str


@dataclass(frozen=True, slots=True)
class Refused:
    """At the door, or by the filter: ``queue_id`` is empty for what never got one. ``verdict``: reject, hold or discard; ``is_whole``:
    of the message, and not of one recipient."""

    at: dt.datetime
    queue_id: str
    verdict: str
    client: str
    sender: str
    recipient: str
    code: str
    dsn: str
    words: str
    is_submitted: bool
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Turned:
    """Of the whole message: ``expired``, ``removed``, ``held``, ``released``, ``told`` (the sender), ``delayed`` (and told so)."""

    at: dt.datetime
    queue_id: str
    turn: str


Event = Opened | Identified | Sized | Tried | Refused | Turned
TURNS = {"removed": "removed", "placed on hold": "held", "released from hold": "released"}
NOTICES = {"non-delivery": "told", "delay": "delayed", "delivery status": "confirmed"}
OURS = ("submission", "replies")


def line_read(line: str, *, now: dt.datetime) -> Event | None:
    """What the line says of a message; None for the others, and for those that mean nothing."""
    head = HEAD.match(line)
    if head is None:
        return None
    stamp, service, daemon, queue_id, rest = head.groups()
    reader = READERS.get(daemon, _tried)
    try:
        return reader(_moment(stamp, now.replace(minute=0, second=0, microsecond=0)), queue_id, service, rest)
    except (ValueError, OverflowError):  # a date or a number that is none
        return None


@lru_cache(maxsize=256)
def _moment(stamp: str, now: dt.datetime) -> dt.datetime:
    """The log says no year: the latest that is not to come."""
    month, day, hour, minute, second = (
        MONTHS.get(stamp[:3], 0),
        *(int(part) for part in stamp[4:].replace(":", " ").split()),
    )
    at = dt.datetime(now.year, month, day, hour, minute, second, tzinfo=dt.UTC)
    return at if at <= now + DAY else at.replace(year=now.year - 1)


def _smtpd(at: dt.datetime, queue_id: str, service: str, rest: str) -> Event | None:
    submitted = service.endswith(OURS)
    if found := OPENED.match(rest):
        return Opened(at, queue_id, found[1][:45], submitted or "sasl_username=" in found[2])
    return _refused(at, queue_id, submitted, rest)


def _cleanup(at: dt.datetime, queue_id: str, service: str, rest: str) -> Event | None:
    if found := IDENTIFIED.match(rest):
        return Identified(at, queue_id, found[1].strip().strip("<>")[:ID_LIMIT])
    if rest.count(BORDER) == 1 and (found := BY_CONTENT.match(rest)):
        verdict, client, sender, recipient, dsn, words = found.groups()
        whom = (sender[:ADDRESS_LIMIT], (recipient or "")[:ADDRESS_LIMIT])
        return Refused(at, queue_id, verdict, client[:45], *whom, "", dsn or "", words[:WORDS_LIMIT], False, True)
    return _refused(at, queue_id, False, rest)


def _refused(at: dt.datetime, queue_id: str, submitted: bool, rest: str) -> Refused | None:
    found = REFUSED.match(rest) if rest.count(BORDER) == 1 else None
    if found is None:
        return None
    verdict, stage, client, code, dsn, words, sender, recipient = found.groups()
    return Refused(
        at,
        "" if queue_id == "NOQUEUE" else queue_id,
        verdict,
        client[:45],
        sender[:ADDRESS_LIMIT],
        (recipient or "")[:ADDRESS_LIMIT],
        code or "",
        dsn or "",
        words[:WORDS_LIMIT],
        submitted,
        stage in {"DATA", "END-OF-MESSAGE"},
    )


def _qmgr(at: dt.datetime, queue_id: str, service: str, rest: str) -> Event | None:
    if found := SIZED.match(rest):
        return Sized(at, queue_id, found[1][:ADDRESS_LIMIT], min(int(found[2]), 2**62))
    if EXPIRED.match(rest):
        return Turned(at, queue_id, "expired")
    return _turned(at, queue_id, service, rest)


def _turned(at: dt.datetime, queue_id: str, service: str, rest: str) -> Event | None:
    turn = TURNS.get(rest)
    return Turned(at, queue_id, turn) if turn else None


def _bounce(at: dt.datetime, queue_id: str, service: str, rest: str) -> Event | None:
    found = NOTIFIED.match(rest)
    return Turned(at, queue_id, NOTICES[found[1]]) if found else None


def _pickup(at: dt.datetime, queue_id: str, service: str, rest: str) -> Event | None:
    return Opened(at, queue_id, "", True) if rest.startswith("uid=") else None


def _tried(at: dt.datetime, queue_id: str, service: str, rest: str) -> Event | None:
    """Whichever agent delivers."""
    found = TRIED.match(rest)
    if found is None:
        return None
    recipient, original, relay, dsn, status, words = found.groups()
    return Tried(
        at,
        queue_id,
        recipient[:ADDRESS_LIMIT],
        (original or "")[:ADDRESS_LIMIT],
        "" if relay == "none" else HOST_ONLY.sub("", relay)[:255],
        dsn,
        status,
        words[:WORDS_LIMIT],
    )


Reader = Callable[[dt.datetime, str, str, str], Event | None]
READERS: dict[str, Reader] = {
    "smtpd": _smtpd,
    "cleanup": _cleanup,
    "qmgr": _qmgr,
    "bounce": _bounce,
    "pickup": _pickup,
    "postsuper": _turned,
    "trivial-rewrite": lambda *_: None,
}
