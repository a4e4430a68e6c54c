"""Numbers as they are read."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format

from .tables import Kind

NOTHING, MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"


def written(kind: Kind, value: Any) -> str:
    if value is None:
        return NOTHING
    if kind == "text":
        return str(value)
    if kind == "share":
        return f"{number_format(value, 1)}\N{NO-BREAK SPACE}%"
    if kind == "hours":
        return number_format(value, 1, force_grouping=True)
    number = number_format(abs(value), 0, force_grouping=True)
    if kind == "difference" and value:
        return f"{'+' if value > 0 else MINUS}{number}"
    return number
