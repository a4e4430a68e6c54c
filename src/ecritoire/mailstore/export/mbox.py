"""One message in a mbox file, in the mboxrd variant: it can be undone without loss, and Thunderbird reads it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection

FROM_LINE = re.compile(rb"^(>*From )", re.MULTILINE)
RETURN_PATH = re.compile(rb"^return-path:[ \t]*<([^>\s]*)>", re.IGNORECASE | re.MULTILINE)
MOZILLA = {"\\seen": 0x0001, "\\answered": 0x0002, "\\flagged": 0x0004, "\\deleted": 0x0008, "$forwarded": 0x1000}
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def mbox_message(content: bytes, flags: Collection[str], at: dt.datetime) -> bytes:
    """``content`` is the message as IMAP gives it, ``at`` the date of its arrival."""
    body = FROM_LINE.sub(rb">\1", content.replace(b"\r\n", b"\n"))
    end = b"\n" if body.endswith(b"\n") else b"\n\n"
    return b"".join((from_line(content, at), status_lines(flags), body, end))


def from_line(content: bytes, at: dt.datetime) -> bytes:
    """« From sender date », the date as C's asctime writes it, in universal time."""
    found = RETURN_PATH.search(content[: content.find(b"\r\n\r\n") + 2])
    sender = (found[1] if found else b"") or b"MAILER-DAEMON"
    utc = at.astimezone(dt.UTC)
    when = f"{DAYS[utc.weekday()]} {MONTHS[utc.month - 1]} {utc.day:2d} {utc:%H:%M:%S %Y}"
    return b"From " + sender + b" " + when.encode() + b"\n"


def status_lines(flags: Collection[str]) -> bytes:
    """What mutt, Dovecot and Python read (Status, X-Status, X-Keywords), and what Thunderbird does (X-Mozilla-…).

    All of them, even empty: the first of a name counts, so that one the sender wrote does not.
    """
    known = {flag.lower() for flag in flags}
    marks = (("\\answered", "A"), ("\\flagged", "F"), ("\\draft", "T"), ("\\deleted", "D"))
    x_status = "".join(mark for flag, mark in marks if flag in known)
    mozilla = sum(bit for flag, bit in MOZILLA.items() if flag in known)
    keywords = " ".join(sorted(flag for flag in flags if not flag.startswith("\\")))
    status = "RO" if "\\seen" in known else "O"
    lines = [f"Status: {status}", f"X-Status: {x_status}", f"X-Mozilla-Status: {mozilla:04x}"]
    lines += [f"X-Keywords: {keywords}", f"X-Mozilla-Keys: {keywords}"]
    return "\n".join(lines).encode() + b"\n"
