"""Numbers as they are read."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format

from .tables import Kind

NOTHING = "–"


def written(kind: Kind, value: Any) -> str:
    if value is None:
        return NOTHING
    if kind == "text":
        return str(value)
    if kind == "share":
        return f"{number_format(value, 1)}\N{NO-BREAK SPACE}%"
    if kind == "hours":
        return number_format(value, 1, force_grouping=True)
    sign = "+" if kind == "difference" and value > 0 else ""
    return sign + number_format(value, 0, force_grouping=True)
