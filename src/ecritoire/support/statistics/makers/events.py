"""What is counted beside the requests: incidents and lockouts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecritoire.accounts.models import Lockout
from ecritoire.support.models import Incident

from ..figures import Figures
from ..scope import Scope, within
from ..tables import Column, Table, percent


def incidents(figures: Figures) -> Table:
    """Those that began in the period, announced maintenance among them."""
    scope = figures.scope
    found = _begun(scope)
    attached = within(scope).filter(incident__in=found).order_by().values_list("incident")
    counts, now = dict(attached.annotate(count=Count("*"))), timezone.now()
    rows = tuple(_incident(incident, counts.get(incident.pk, 0), now) for incident in found)
    columns = (
        Column("title", _("Incident"), "text"),
        Column("severity", _("Gravité"), "text"),
        Column("starts", _("Début"), "text"),
        Column("minutes", _("Durée (minutes)"), "count"),
        Column("count", _("Demandes rattachées"), "count"),
    )
    return Table("incidents", _("Incidents"), columns, rows, _sum(rows))


def _begun(scope: Scope) -> list[Incident]:
    start, end = scope.period.bounds
    rows = Incident.objects.filter(organisation=scope.organisation, starts_at__gte=start, starts_at__lt=end)
    return list(rows)


def _incident(incident: Incident, count: int, now: dt.datetime) -> dict[str, Any]:
    lasted = (incident.resolved_at or now) - incident.starts_at
    return {
        "title": incident.title,
        "severity": incident.get_severity_display(),
        "starts": date_format(timezone.localtime(incident.starts_at), "SHORT_DATETIME_FORMAT"),
        "minutes": max(0, int(lasted.total_seconds() // 60)),
        "count": count,
        "links": {"count": f"incident:{incident.pk}"},
        "incident": incident.pk,
    }


def _sum(rows: tuple[dict[str, Any], ...]) -> str:
    minutes, count = (sum(row[name] for row in rows) for name in ("minutes", "count"))
    told = ngettext(
        "%(rows)d incident commencé dans la période : %(minutes)d minutes en tout, %(count)d demandes rattachées.",
        "%(rows)d incidents commencés dans la période : %(minutes)d minutes en tout, %(count)d demandes rattachées.",
        len(rows),
    )
    return told % {"rows": len(rows), "minutes": minutes, "count": count}


def lockouts(figures: Figures) -> Table:
    """Why people were kept out. They are not requests: the school and the category do not narrow them."""
    scope = figures.scope
    start, end = scope.period.bounds
    found = Lockout.objects.filter(
        account__person__organisation=scope.organisation, started_at__gte=start, started_at__lt=end
    )
    counts = dict(found.order_by().values_list("cause").annotate(count=Count("*")))
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
