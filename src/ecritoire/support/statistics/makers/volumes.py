"""How many requests: by type, channel, line, school, and hour of the week."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from ecritoire.directory.models import Structure
from ecritoire.support.measures import measures_of
from ecritoire.support.models import Queue, Ticket

from .. import parts
from ..figures import Figures
from ..tables import Column, Table, percent

SCHOOLS = 20


def types(figures: Figures) -> Table:
    """The table of incidents: what people report, how often, and what is done about it."""
    now, then = figures.counts.by["kind"], figures.kinds_before
    measures, total = measures_of(figures.scope.organisation), now.total()
    rows = tuple(
        {
            "type": str(Ticket.Kind(kind).label),
            "count": now[kind],
            "share": percent(now[kind], total),
            "before": then[kind],
            "difference": now[kind] - then[kind],
            "measure": measures.get(kind, ""),
            "links": {"count": f"kind:{kind}", "before": f"{parts.BEFORE}kind:{kind}"},
        }
        for kind in sorted({*now, *then}, key=lambda kind: (-now[kind], kind))
    )
    columns = (
        Column("type", _("Type de demande"), "text"),
        Column("count", _("Demandes"), "count"),
        Column("share", _("Part"), "share"),
        Column("before", _("Période comparée"), "count"),
        Column("difference", _("Écart"), "difference"),
        Column("measure", _("Mesure corrective"), "text"),
    )
    return Table("types", _("Types de demandes et mesures correctives"), columns, rows)


def channels(figures: Figures) -> Table:
    names = {value: str(label) for value, label in Ticket.Channel.choices}
    return _volumes("channel", (_("Par canal"), _("Canal")), names, figures.counts.by["channel"])


def lines(figures: Figures) -> Table:
    counts = figures.counts.by["queue"]
    known = dict(Queue.objects.filter(pk__in=[key for key in counts if key]).values_list("pk", "name"))
    return _volumes("line", (_("Par ligne"), _("Ligne")), {None: _("ligne commune"), **known}, counts)


def schools(figures: Figures) -> Table:
    counts = figures.counts.by["structure"]
    shown = Counter(dict(sorted(counts.items(), key=lambda item: (-item[1], item[0] or 0))[:SCHOOLS]))
    known = dict(Structure.objects.filter(pk__in=[key for key in shown if key]).values_list("pk", "name"))
    names: dict[Any, str] = {None: _("sans établissement connu"), **known}
    note = _("Les vingt qui en ont le plus ; la part est prise sur toutes les demandes.")
    titles = (_("Par établissement"), _("Établissement"))
    return _volumes("school", titles, names, shown, total=counts.total(), note=note)


def _volumes(
    key: str,
    titles: tuple[str, str],
    names: dict[Any, str],
    counts: Counter[Any],
    *,
    total: int | None = None,
    note: str = "",
) -> Table:
    whole = counts.total() if total is None else total
    rows = tuple(
        {
            "name": names.get(value, ""),
            "count": count,
            "share": percent(count, whole),
            "links": {"count": f"{key}:{'' if value is None else value}"},
        }
        for value, count in sorted(counts.items(), key=lambda item: (-item[1], names.get(item[0], "")))
    )
    columns = (
        Column("name", titles[1], "text"),
        Column("count", _("Demandes"), "count"),
        Column("share", _("Part"), "share"),
    )
    return Table(f"{key}s", titles[0], columns, rows, note)


def times(figures: Figures) -> Table:
    """Each hour of each day of the week, in local time."""
    clock = figures.counts.clock
    columns = (
        Column("hour", _("Heure"), "text"),
        *(Column(f"day{day}", str(WEEKDAYS[day - 1]).capitalize(), "count") for day in parts.WEEK),
    )
    rows = tuple(
        {
            "hour": f"{hour} h",
            **{f"day{day}": clock[day, hour] for day in parts.WEEK},
            "links": {f"day{day}": f"at:{day}-{hour}" for day in parts.WEEK},
        }
        for hour in range(24)
    )
    return Table("times", _("Heures et jours d'ouverture des demandes"), columns, rows if clock else (), is_shaded=True)
