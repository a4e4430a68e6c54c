"""Reading Postfix's log where it was left: each line once, whatever happens to the file or to the reader.

The bookmark and the rows are written in one transaction, so that a reader killed in the middle has read nothing. Rotated files are
read too, as long as they are not compressed: Postfix writes to the old one for a moment after it was renamed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from ecritoire.mailflow.models import MailLogBookmark

from .lines import Event, line_read
from .recording import events_record

logger = logging.getLogger(__name__)
LOCK = 0x4D61696C  # an advisory lock of ours: one reader at a time
NAME = "mail.log"
CHUNK_BYTES = 2 * 1024 * 1024
CHUNKS = 40
"""Of one run: what is left is for the next one, so that no job is long."""
FIRST_LINE_BYTES = 8_192


def log_follow(*, folder: Path, chunks: int = CHUNKS) -> int:
    """Take in what is new, and return how many bytes were read."""
    total = 0
    for path in _files(folder):
        while chunks:
            read = _chunk(path)
            if not read:
                break
            total, chunks = total + read, chunks - 1
    return total


def _files(folder: Path) -> list[Path]:
    """The rotated ones first, the oldest before."""
    rotated = [path for path in folder.glob(f"{NAME}.*") if path.suffix != ".gz"]
    return [*sorted(rotated), folder / NAME]


def _chunk(path: Path) -> int:
    """One transaction: some whole lines, and how far that was. 0 when there is nothing new, or somebody else reads."""
    try:
        with path.open("rb") as log, transaction.atomic():
            fingerprint = _fingerprint(log.readline(FIRST_LINE_BYTES))
            if not fingerprint or not _alone():
                return 0
            bookmark = MailLogBookmark.objects.filter(fingerprint=fingerprint).first()
            bookmark = bookmark or MailLogBookmark(fingerprint=fingerprint)
            log.seek(bookmark.offset)
            content = _whole_lines(log.read(CHUNK_BYTES))
            if content:
                events_record(events_of(content, now=timezone.now()))
                bookmark.offset += len(content)
                bookmark.save()
            return len(content)
    except FileNotFoundError:  # rotated or removed meanwhile
        return 0
    except PermissionError as error:
        logger.error("the mail log cannot be read (%s): run ./ecritoire up", error.strerror)
        return 0


def _fingerprint(line: bytes) -> str:
    """Of a file, by its first line: a moment, a process and what it said. '' while that line is not whole."""
    return hashlib.sha256(line).hexdigest() if line.endswith(b"\n") or len(line) == FIRST_LINE_BYTES else ""


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _whole_lines(content: bytes) -> bytes:
    """Up to the last end of line; a chunk without any is given up whole, so that nothing is ever stuck on it."""
    end = content.rfind(b"\n") + 1
    return content[:end] if end or len(content) < CHUNK_BYTES else content


def events_of(content: bytes, *, now: dt.datetime) -> list[Event]:
    lines = content.decode("utf-8", "replace").replace("\0", "").split("\n")
    return [event for event in (line_read(line, now=now) for line in lines) if event is not None]
