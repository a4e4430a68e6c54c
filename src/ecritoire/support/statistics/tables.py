"""The tables of a period: what the page shows, what a CSV file has and what the monthly report prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

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


def tables_of(scope: Scope) -> list[Table]:
    """All of them, in the order in which they are read."""
    from .makers import MAKERS

    return [make(scope) for make in MAKERS.values()]
