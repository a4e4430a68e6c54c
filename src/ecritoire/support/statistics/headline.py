"""The five figures people come for, taken from the tables: a name, the figure, and what to read beside it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from .report_text import written
from .tables import Table


def headline(tables: dict[str, Table]) -> list[tuple[str, str, str]]:
    answer, resolution = tables["delays"].rows
    again = tables["reopened"].rows[0]
    return [
        _requests(tables["types"]),
        (_("Première réponse (médiane)"), *_median(answer)),
        (_("Résolution (médiane)"), *_median(resolution)),
        (_("Résolues dans le délai"), written("share", resolution["share"]), _beside(resolution["kept"])),
        (_("Rouvertes"), written("share", again["share"]), _beside(again["count"])),
    ]


def _requests(types: Table) -> tuple[str, str, str]:
    count, change = (sum(row[key] for row in types.rows) for key in ("count", "difference"))
    told = _("%(change)s d'écart avec la période comparée") % {"change": written("difference", change)}
    return _("Demandes"), written("count", count), told


def _median(row: dict[str, Any]) -> tuple[str, str]:
    return _hours(row["median"]), _("%(time)s en heures ouvrées") % {"time": _hours(row["open_median"])}


def _hours(value: float | None) -> str:
    return written("hours", value) if value is None else f"{written('hours', value)}\N{NO-BREAK SPACE}h"


def _beside(count: int) -> str:
    return _("demandes : %(count)s") % {"count": written("count", count)}
