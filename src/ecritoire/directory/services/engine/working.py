from __future__ import annotations

from typing import Any

from django.db.backends.utils import CursorWrapper

TABLES = (
    "incoming gone candidate affected said wanted structure posting term absence assignment contract leave address "
    "address_new change"
)


class Working:
    """The working tables of one run in one transaction: a cursor, and the values that statements may name."""

    def __init__(self, cursor: CursorWrapper, values: dict[str, Any]) -> None:
        self._cursor, self.values = cursor, values
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")  # sets of a million, joined by hashing
        cursor.execute("DROP TABLE IF EXISTS " + ", ".join(f"feed_{name}" for name in TABLES.split()))

    def execute(self, statements: str) -> None:
        self._cursor.execute(statements, self.values)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        self._cursor.execute(query, self.values)
        return list(self._cursor.fetchall())

    def value(self, query: str) -> Any:
        return self.rows(query)[0][0]
