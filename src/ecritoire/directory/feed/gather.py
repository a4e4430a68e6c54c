"""Several mentions of one person, gathered without holding the feed in memory.

A temporary SQLite file keeps them by order of first mention: addresses of homonyms are numbered in the feed's order.
Sorting in a temporary file would lose that order; a dictionary would grow with the feed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from types import TracebackType

CACHE = -16_000  # KiB: what SQLite may hold in memory, however many people there are
TABLES = """
CREATE TABLE seen (key TEXT PRIMARY KEY, rank INTEGER NOT NULL, line INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE mention (rank INTEGER, seq INTEGER, key TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (rank, seq)) WITHOUT ROWID;
"""


class Gatherer:
    """Who was seen where first, and what was said of each."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)  # "": a file of its own that goes with it
        self._database.executescript(f"PRAGMA cache_size={CACHE}; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
        self._database.executescript(TABLES)
        self._database.execute("BEGIN")
        self._count = 0

    def __enter__(self) -> Gatherer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def first(self, key: str, line: int) -> tuple[int, int] | None:
        """Note ``key``; rank and line of its first mention when this is not it."""
        self._count += 1
        row = (key, self._count, line)
        if self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", row).rowcount:
            return None
        found = self._database.execute("SELECT rank, line FROM seen WHERE key = ?", [key]).fetchone()
        return (int(found[0]), int(found[1]))

    def add(self, key: str, content: str, line: int = 0) -> None:
        """Keep ``content`` with what else was said of ``key``."""
        before = self.first(key, line)
        rank = before[0] if before else self._count
        self._database.execute("INSERT INTO mention VALUES (?, ?, ?, ?)", (rank, self._count, key, content))

    def groups(self) -> Iterator[tuple[str, list[str]]]:
        """Each key with all that was said of it, in order of first mention."""
        rows = self._database.execute("SELECT key, content FROM mention ORDER BY rank, seq")
        for key, group in groupby(rows, key=itemgetter(0)):
            yield key, [content for _key, content in group]
