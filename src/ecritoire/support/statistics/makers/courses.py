"""What became of the requests: how long they took, what waits, what was opened again, what people thought."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncWeek
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ecritoire.support.models import Satisfaction

from .. import parts
from ..figures import Delay, Figures
from ..scope import Period, Scope, opened, within
from ..tables import Column, Table, percent


def delays(figures: Figures) -> Table:
    rows = (_delay(figures, _("Première réponse"), "answer"), _delay(figures, _("Résolution"), "resolution"))
    columns = (
        Column("step", _("Étape"), "text"),
        Column("count", _("Mesurées"), "count"),
        Column("median", _("Médiane (h)"), "hours"),
        Column("ninth", _("90e centile (h)"), "hours"),
        Column("open_median", _("Médiane (h ouvrées)"), "hours"),
        Column("open_ninth", _("90e centile (h ouvrées)"), "hours"),
        Column("due", _("Avec un délai"), "count"),
        Column("kept", _("Dans le délai"), "count"),
        Column("share", _("Part dans le délai"), "share"),
    )
    return Table("delays", _("Temps de réponse et de résolution"), columns, rows, _note(figures.delays.values()))


def _note(found: Iterable[Delay]) -> str:
    note = _(
        "h : heures, le temps écoulé depuis l'ouverture, nuits comprises. h ouvrées : selon le calendrier de l'assistance, "
        "sans le temps où la personne ou son référent étaient attendus ; les délais se comptent de même."
    )
    unknown = sum(delay.count - delay.timed for delay in found)
    if not unknown:
        return note
    return (
        f"{note} {_('Heures ouvrées encore à calculer pour des demandes anciennes : %(count)s.') % {'count': unknown}}"
    )


def hours(delay: dt.timedelta | None) -> float | None:
    return None if delay is None else round(delay.total_seconds() / 3600, 1)


def _delay(figures: Figures, label: str, step: str) -> dict[str, Any]:
    delay, due, kept = figures.delays[step], figures.counts.due[step], figures.counts.kept[step]
    return {
        "step": label,
        "count": delay.count,
        "median": hours(delay.median),
        "ninth": hours(delay.ninth),
        "open_median": hours(delay.open_median),
        "open_ninth": hours(delay.open_ninth),
        "due": due,
        "kept": kept,
        "share": percent(kept, due),
        "links": {"count": f"measured:{step}", "due": f"due:{step}", "kept": f"kept:{step}"},
    }


def backlog(figures: Figures) -> Table:
    """Week by week. What is open at the end of a week follows from what was, plus opened, less resolved."""
    scope, counts = figures.scope, figures.counts
    gone, lines = _resolved(scope), []
    waiting = parts.waiting_at(within(scope), scope.period.bounds[0])
    for monday in _mondays(scope.period):
        waiting += counts.counted[monday] - gone.get(monday, 0)
        lines.append(
            {
                "week": date_format(parts.week_of(scope.period, monday).first, "SHORT_DATE_FORMAT"),
                "opened": counts.came[monday],
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


def _resolved(scope: Scope) -> dict[dt.date, int]:
    """By Monday; requests opened before the period among them."""
    start, end = scope.period.bounds
    rows = within(scope).order_by().filter(resolved_at__gte=start, resolved_at__lt=end)
    weeks = rows.annotate(week=TruncWeek("resolved_at", tzinfo=timezone.get_current_timezone())).values_list("week")
    return {week.date(): count for week, count in weeks.annotate(count=Count("*"))}


def _mondays(period: Period) -> list[dt.date]:
    monday = period.first - dt.timedelta(days=period.first.weekday())
    return [monday + dt.timedelta(days=days) for days in range(0, (period.last - monday).days + 1, 7)]


def reopened(figures: Figures) -> Table:
    found, total = figures.counts.reopened, figures.counts.total
    names = dict(zip(parts.TIMES, (_("Une fois"), _("Deux fois"), _("Trois fois ou plus")), strict=True))
    counts = [(_("Au moins une fois"), "", total - found[0])]
    counts += [(name, str(times), found[times]) for times, name in names.items()]
    rows = tuple(
        {"times": name, "count": count, "share": percent(count, total), "links": {"count": f"reopened:{value}"}}
        for name, value, count in counts
    )
    columns = (
        Column("times", _("Rouvertes par la personne"), "text"),
        Column("count", _("Demandes"), "count"),
        Column("share", _("Part de toutes les demandes"), "share"),
    )
    note = _("Résolues ou closes, puis rouvertes sur la page de la demande ou par un courriel.")
    return Table("reopened", _("Demandes rouvertes"), columns, rows, note)


def satisfaction(figures: Figures) -> Table:
    rows = opened(figures.scope).order_by().filter(satisfaction__isnull=False).values_list("satisfaction__score")
    counts = dict(rows.annotate(count=Count("*")))
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
