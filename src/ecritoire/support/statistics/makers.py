"""One function a table. A cell that counts requests has the part that lists them (``parts``)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Lockout
from ecritoire.support.models import CorrectiveMeasure, Incident, Satisfaction, Ticket

from . import parts
from .figures import Delay, by_type, first_answer, resolution
from .scope import Period, Scope, opened, within
from .tables import Column, Table

SCHOOLS = 20


def percent(count: int, total: int) -> float | None:
    return round(100 * count / total, 1) if total else None


def hours(delay: dt.timedelta | None) -> float | None:
    return None if delay is None else round(delay.total_seconds() / 3600, 1)


def types(scope: Scope) -> Table:
    """The table of incidents: what people report, how often, and what is done about it."""
    measures = dict(CorrectiveMeasure.objects.filter(organisation=scope.organisation).values_list("kind", "text"))
    rows = tuple(
        {
            "type": row.label,
            "count": row.count,
            "share": percent(row.count, row.total),
            "before": row.before,
            "difference": row.change,
            "measure": measures.get(row.kind, ""),
            "links": {"count": f"kind:{row.kind}", "before": f"{parts.BEFORE}kind:{row.kind}"},
        }
        for row in by_type(scope)
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


def delays(scope: Scope) -> Table:
    rows = (
        _delay(scope, _("Première réponse"), "answer", first_answer(scope)),
        _delay(scope, _("Résolution"), "resolution", resolution(scope)),
    )
    columns = (
        Column("step", _("Étape"), "text"),
        Column("count", _("Demandes mesurées"), "count"),
        Column("median", _("Médiane (heures)"), "hours"),
        Column("ninth", _("90e centile (heures)"), "hours"),
        Column("due", _("Avec un délai échu ou tenu"), "count"),
        Column("kept", _("Dans le délai"), "count"),
        Column("share", _("Part dans le délai"), "share"),
    )
    note = _("Temps écoulé depuis l'ouverture, nuits comprises ; les délais, eux, se comptent en heures ouvrées.")
    return Table("delays", _("Temps de réponse et de résolution"), columns, rows, note)


def _delay(scope: Scope, label: str, step: str, delay: Delay) -> dict[str, Any]:
    due, kept = parts.due(opened(scope), step).count(), parts.kept(opened(scope), step).count()
    return {
        "step": label,
        "count": delay.count,
        "median": hours(delay.median),
        "ninth": hours(delay.ninth),
        "due": due,
        "kept": kept,
        "share": percent(kept, due),
        "links": {"count": f"measured:{step}", "due": f"due:{step}", "kept": f"kept:{step}"},
    }


def _volumes(key: str, titles: tuple[str, str], names: dict[Any, str], counts: Counter[Any]) -> Table:
    total = sum(counts.values())
    rows = tuple(
        {
            "name": names.get(value, ""),
            "count": count,
            "share": percent(count, total),
            "links": {"count": f"{key}:{'' if value is None else value}"},
        }
        for value, count in sorted(counts.items(), key=lambda item: (-item[1], names.get(item[0], "")))
    )
    columns = (
        Column("name", titles[1], "text"),
        Column("count", _("Demandes"), "count"),
        Column("share", _("Part"), "share"),
    )
    return Table(f"{key}s", titles[0], columns, rows)


def channels(scope: Scope) -> Table:
    counts = Counter(dict(opened(scope).order_by().values_list("channel").annotate(count=Count("pk"))))
    names = {value: str(label) for value, label in Ticket.Channel.choices}
    return _volumes("channel", (_("Par canal"), _("Canal")), names, counts)


def _named(scope: Scope, field: str, nameless: str) -> tuple[dict[Any, str], Counter[Any]]:
    """By key of what a request points to: its name, and how many requests."""
    found = list(opened(scope).order_by().values_list(field, f"{field}__name").annotate(count=Count("pk")))
    return {key: name or nameless for key, name, _count in found}, Counter({key: count for key, _name, count in found})


def lines(scope: Scope) -> Table:
    return _volumes("line", (_("Par ligne"), _("Ligne")), *_named(scope, "queue", _("ligne commune")))


def schools(scope: Scope) -> Table:
    found = _named(scope, "structure", _("sans établissement connu"))
    table = _volumes("school", (_("Par établissement"), _("Établissement")), *found)
    note = _("Les vingt qui en ont le plus ; la part est prise sur toutes les demandes.")
    return replace(table, rows=table.rows[:SCHOOLS], note=note)


def times(scope: Scope) -> Table:
    """Each hour of each day of the week, in local time."""
    rows = parts.clocked(opened(scope)).order_by().values_list("day", "hour").annotate(count=Count("pk"))
    counts = {(day, hour): count for day, hour, count in rows}
    columns = (
        Column("hour", _("Heure"), "text"),
        *(Column(f"day{day}", str(WEEKDAYS[day - 1]).capitalize(), "count") for day in range(1, 8)),
    )
    lines = tuple(
        {
            "hour": f"{hour} h",
            **{f"day{day}": counts.get((day, hour), 0) for day in range(1, 8)},
            "links": {f"day{day}": f"at:{day}-{hour}" for day in range(1, 8)},
        }
        for hour in range(24)
    )
    return Table("times", _("Heures et jours d'ouverture des demandes"), columns, lines if counts else ())


def backlog(scope: Scope) -> Table:
    """Week by week. What is open at the end of a week follows from what was, plus opened, less resolved."""
    start, end = scope.period.bounds
    rows, zone = within(scope).order_by(), timezone.get_current_timezone()
    came = rows.filter(created_at__gte=start, created_at__lt=end)
    counted = parts.STAYS | Q(resolved_at__isnull=False)
    new = {
        week.date(): (count, waits)
        for week, count, waits in came.annotate(week=TruncWeek("created_at", tzinfo=zone))
        .values_list("week")
        .annotate(count=Count("pk"), waits=Count("pk", filter=counted))
    }
    done = dict(
        rows.filter(resolved_at__gte=start, resolved_at__lt=end)
        .annotate(week=TruncWeek("resolved_at", tzinfo=zone))
        .values_list("week")
        .annotate(count=Count("pk"))
    )
    gone = {week.date(): count for week, count in done.items()}
    waiting, lines = parts.open_at(rows, start).count(), []
    for monday in _mondays(scope.period):
        count, waits = new.get(monday, (0, 0))
        waiting += waits - gone.get(monday, 0)
        lines.append(
            {
                "week": date_format(parts.week_of(scope.period, monday).first, "SHORT_DATE_FORMAT"),
                "opened": count,
                "resolved": gone.get(monday, 0),
                "waiting": waiting,
                "links": {name: f"{name}:{monday.isoformat()}" for name in ("opened", "resolved", "waiting")},
            }
        )
    columns = (
        Column("week", _("Semaine du"), "text"),
        Column("opened", _("Ouvertes"), "count"),
        Column("resolved", _("Résolues"), "count"),
        Column("waiting", _("En attente à la fin"), "count"),
    )
    return Table("backlog", _("Demandes en attente, semaine par semaine"), columns, tuple(lines))


def _mondays(period: Period) -> list[dt.date]:
    monday = period.first - dt.timedelta(days=period.first.weekday())
    return [monday + dt.timedelta(days=days) for days in range(0, (period.last - monday).days + 1, 7)]


def reopened(scope: Scope) -> Table:
    total, again = opened(scope).count(), parts.reopened(opened(scope)).count()
    row = {
        "total": total,
        "count": again,
        "share": percent(again, total),
        "links": {"total": "all:", "count": "reopened:"},
    }
    columns = (
        Column("total", _("Demandes"), "count"),
        Column("count", _("Rouvertes par la personne"), "count"),
        Column("share", _("Part"), "share"),
    )
    return Table("reopened", _("Demandes rouvertes"), columns, (row,))


def satisfaction(scope: Scope) -> Table:
    rows = opened(scope).order_by().filter(satisfaction__isnull=False).values_list("satisfaction__score")
    counts = dict(rows.annotate(count=Count("pk")))
    total = sum(counts.values())
    lines = tuple(
        {
            "score": str(score.label).capitalize(),
            "count": counts.get(score.value, 0),
            "share": percent(counts.get(score.value, 0), total),
            "links": {"count": f"score:{score.value}"},
        }
        for score in reversed(Satisfaction.Score)
    )
    columns = (
        Column("score", _("Avis"), "text"),
        Column("count", _("Demandes"), "count"),
        Column("share", _("Part des avis"), "share"),
    )
    return Table("satisfaction", _("Satisfaction"), columns, lines)


def incidents(scope: Scope) -> Table:
    """Those that began in the period, announced maintenance among them."""
    start, end = scope.period.bounds
    found = list(Incident.objects.filter(organisation=scope.organisation, starts_at__gte=start, starts_at__lt=end))
    attached = within(scope).filter(incident__in=found).order_by().values_list("incident")
    counts, now = dict(attached.annotate(count=Count("pk"))), timezone.now()
    rows = tuple(
        {
            "title": incident.title,
            "severity": incident.get_severity_display(),
            "starts": date_format(timezone.localtime(incident.starts_at), "SHORT_DATETIME_FORMAT"),
            "minutes": max(0, int(((incident.resolved_at or now) - incident.starts_at).total_seconds() // 60)),
            "count": counts.get(incident.pk, 0),
            "links": {"count": f"incident:{incident.pk}"},
        }
        for incident in found
    )
    columns = (
        Column("title", _("Incident"), "text"),
        Column("severity", _("Gravité"), "text"),
        Column("starts", _("Début"), "text"),
        Column("minutes", _("Durée (minutes)"), "count"),
        Column("count", _("Demandes rattachées"), "count"),
    )
    return Table("incidents", _("Incidents"), columns, rows)


def lockouts(scope: Scope) -> Table:
    """Why people were kept out. They are not requests: the school and the category do not narrow them."""
    start, end = scope.period.bounds
    found = Lockout.objects.filter(
        account__person__organisation=scope.organisation, started_at__gte=start, started_at__lt=end
    )
    counts = dict(found.order_by().values_list("cause").annotate(count=Count("pk")))
    total = sum(counts.values())
    rows = tuple(
        {
            "cause": str(Lockout.Cause(cause).label).capitalize(),
            "count": count,
            "share": percent(count, total),
            "links": {},
        }
        for cause, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
    columns = (
        Column("cause", _("Cause"), "text"),
        Column("count", _("Blocages"), "count"),
        Column("share", _("Part"), "share"),
    )
    note = _("Tous les comptes de l'académie : les filtres n'y changent rien.")
    return Table("lockouts", _("Causes des blocages de comptes"), columns, rows, note)


MAKERS: dict[str, Callable[[Scope], Table]] = {
    "types": types,
    "delays": delays,
    "channels": channels,
    "lines": lines,
    "schools": schools,
    "times": times,
    "backlog": backlog,
    "reopened": reopened,
    "satisfaction": satisfaction,
    "incidents": incidents,
    "lockouts": lockouts,
}
