"""The tables of a period: what the page shows, what a CSV file has and what the monthly report prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from .reading import reading

if TYPE_CHECKING:
    from .scope import Scope

Kind = Literal["text", "count", "share", "hours", "difference"]


@dataclass(frozen=True)
class Column:
    """``share`` is a percentage, ``hours`` a number of hours, ``difference`` a signed count; each may be None."""

    key: str
    label: str
    kind: Kind


@dataclass(frozen=True)
class Table:
    """A row has a value for each column's key, and ``links``: the part (see ``parts``) that lists a column's requests."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[dict[str, Any], ...]
    note: str = ""
    is_shaded: bool = False
    """Its counts are drawn as a heat map: the more, the darker."""


def percent(count: int, total: int) -> float | None:
    return round(100 * count / total, 1) if total else None


def tables_of(scope: Scope) -> list[Table]:
    """All of them, in the order in which they are read."""
    from .figures import Figures
    from .makers import MAKERS

    figures = Figures(scope)
    with reading():
        return [make(figures) for make in MAKERS.values()]


def table_of(scope: Scope, key: str) -> Table:
    """One of them, by its key."""
    from .figures import Figures
    from .makers import MAKERS

    with reading():
        return MAKERS[key](Figures(scope))
