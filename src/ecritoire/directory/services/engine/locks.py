"""One run of a source at a time; a run whose lock nobody holds any more was cut short."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

RUN_LOCK = 0x72756E  # the class of our advisory locks: the second key is the source's
PAUSE = 0.05


class SourceBusy(Exception):
    """Another run of the same source is at work."""


def _ask(function: str, source_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [RUN_LOCK, source_id])
        return bool(cursor.fetchone()[0])


@contextmanager
def source_lock(source_id: int, *, patience: float = 0) -> Iterator[None]:
    """Held by the connection: it goes with the process. Raises SourceBusy after ``patience`` seconds."""
    give_up = time.monotonic() + patience
    while not _ask("pg_try_advisory_lock", source_id):
        if time.monotonic() >= give_up:
            raise SourceBusy
        time.sleep(PAUSE)
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            _ask("pg_advisory_unlock", source_id)
