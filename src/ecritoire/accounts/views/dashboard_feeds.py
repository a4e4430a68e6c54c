"""The health of HR feeds, for those who watch over the académie."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.dashboards.feeds import KINDS, Health, feeds_health
from ecritoire.common.charts import Column, column_chart
from ecritoire.common.csv_export import csv_response
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action

SERIES = ("provision", "renew", "end")


@action_required(Action.STATISTICS_VIEW)
def feeds_page(request: AccountRequest) -> HttpResponse:
    """Three queries beyond the page's own."""
    rows = feeds_health(request.user.person.organisation_id)
    labels = zip(SERIES, (_("arrivées"), _("changements"), _("départs")), strict=True)
    context = {
        "rows": [(row, _chart(row), row.volumes()) for row in rows],
        "labels": list(labels),
        "may_import": request.user.may(Action.FEED_IMPORT),
    }
    return render(request, "accounts/dashboards/feeds.html", context)


def _chart(row: Health) -> str:
    columns = [Column(f"{timezone.localtime(run.created_at):%d/%m}", counts) for run, counts in row.volumes()]
    title = _("%(source)s : personnes touchées par chaque lecture") % {"source": row.source}
    return column_chart(columns, series=SERIES, title=title)


@action_required(Action.STATISTICS_VIEW)
def feeds_csv(request: AccountRequest) -> StreamingHttpResponse:
    return csv_response("flux.csv", _lines(feeds_health(request.user.person.organisation_id)))


def _lines(rows: list[Health]) -> Iterator[list[object]]:
    yield ["source", "lecture", "fichier", "etat", "lignes", *KINDS, "refus", "freins", "secondes"]
    for row in rows:
        for run in row.runs:
            counts = [int(run.people.get(kind, 0)) for kind in KINDS]
            moment = timezone.localtime(run.created_at).isoformat(timespec="seconds")
            what = [row.source.name, moment, run.file_name, run.get_state_display(), run.rows]
            yield [*what, *counts, run.faults_total, len(run.brakes), round(run.seconds, 1)]
