"""Statistics of the help desk: the tables of a period, the requests behind each number, the corrective measures."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ecritoire.common.charts import Bar, bar_chart, column_chart
from ecritoire.common.charts import Column as Bars
from ecritoire.common.csv_export import csv_response
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.support.measures import measures_of, measures_save
from ecritoire.support.statistics.makers import MAKERS
from ecritoire.support.statistics.parts import listed
from ecritoire.support.statistics.tables import Column, Table, tables_of
from ecritoire.support.statistics_forms import MeasuresForm, ScopeForm

PER_PAGE = 50
NAMES = {"types": "type", "channels": "name", "schools": "name", "satisfaction": "score", "lockouts": "cause"}
"""Tables drawn as bars of their shares, and the column that names each."""


def scope_form(request: AccountRequest) -> ScopeForm:
    data = {name: value for name, value in request.GET.items() if name in ScopeForm.base_fields}
    form = ScopeForm({"period": "30", **data}, organisation=request.user.person.organisation)
    form.full_clean()
    return form


def _query(form: ScopeForm) -> dict[str, str]:
    """What was asked for, to carry on from page to page."""
    return {name: str(value) for name, value in form.data.items() if value} if form.is_valid() else {"period": "30"}


@action_required(Action.STATISTICS_VIEW)
def index(request: AccountRequest) -> HttpResponse:
    form = scope_form(request)
    scope, query = form.scope(), _query(form)
    context = {
        "form": form,
        "scope": scope,
        "before": scope.previous().period,
        "tables": [_shown(table, query) for table in tables_of(scope)],
        "query": urlencode(query),
        "may_write": request.user.may(Action.DESK_MANAGE),
    }
    return render(request, "support/statistics/index.html", context)


def _shown(table: Table, query: dict[str, str]) -> dict[str, Any]:
    address = reverse("support:statistics-tickets")
    rows = []
    for row in table.rows:
        links = row.get("links", {})
        rows.append(
            [
                {
                    "text": _text(column, row[column.key]),
                    "is_number": column.kind != "text",
                    "url": f"{address}?{urlencode({**query, 'part': links[column.key]})}"
                    if links.get(column.key) and row[column.key]
                    else "",
                }
                for column in table.columns
            ]
        )
    return {"table": table, "rows": rows, "chart": _chart(table)}


def _text(column: Column, value: Any) -> str:
    if value is None:
        return "–"
    match column.kind:
        case "share":
            return f"{number_format(value, 1)} %"
        case "hours":
            return number_format(value, 1)
        case "difference":
            return f"{'+' if value > 0 else ''}{number_format(value, force_grouping=True)}".replace("-", "\u2212")
        case "count":
            return number_format(value, force_grouping=True)
    return str(value) or "–"


def _chart(table: Table) -> SafeString | None:
    """Beside the tables where a drawing says more than the figures."""
    if table.key in NAMES and any(row["count"] for row in table.rows):
        bars = [
            Bar(capfirst(str(row[NAMES[table.key]])), row["share"] or 0, f"{number_format(row['share'] or 0, 1)} %")
            for row in table.rows
        ]
        return bar_chart(bars, title=table.title)
    if table.key == "backlog" and table.rows:
        columns = [Bars(str(row["week"]), [row["waiting"]]) for row in table.rows]
        return column_chart(columns, series=["good"], title=table.title)
    if table.key == "times" and table.rows:
        columns = [Bars(str(row["hour"]), [sum(row[f"day{day}"] for day in range(1, 8))]) for row in table.rows]
        return column_chart(columns, series=["good"], title=_("Demandes par heure, tous les jours ensemble"))
    return None


@action_required(Action.STATISTICS_VIEW)
def tickets(request: AccountRequest) -> HttpResponse:
    """The requests a number counts. Who does not handle them sees neither what they say nor whose they are."""
    form = scope_form(request)
    try:
        rows = listed(form.scope(), request.GET.get("part", "all:"))
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    page = Paginator(rows.order_by("-created_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "query": urlencode(_query(form)),
        "may_handle": request.user.may(Action.TICKET_HANDLE),
    }
    return render(request, "support/statistics/tickets.html", context)


@action_required(Action.STATISTICS_VIEW)
def table_csv(request: AccountRequest, key: str) -> StreamingHttpResponse:
    if key not in MAKERS:
        raise Http404
    scope = scope_form(request).scope()
    table = MAKERS[key](scope)
    head = [column.label for column in table.columns]
    lines = ([_plain(row[column.key]) for column in table.columns] for row in table.rows)
    name = f"{key}-{scope.period.first.isoformat()}-{scope.period.last.isoformat()}.csv"
    return csv_response(name, [head, *lines])


def _plain(value: Any) -> Any:
    """French spreadsheets read a comma as the decimal mark."""
    if value is None:
        return ""
    return str(value).replace(".", ",") if isinstance(value, float) else value


@action_required(Action.DESK_MANAGE)
def measures(request: AccountRequest) -> HttpResponse:
    organisation = request.user.person.organisation
    form = MeasuresForm(request.POST or None, initial=measures_of(organisation))
    if request.method == "POST" and form.is_valid():
        measures_save(organisation=organisation, texts=form.cleaned_data, acting_user=request.user)
        messages.success(request, _("Mesures enregistrées."))
        return redirect("support:statistics-measures")
    return render(request, "support/statistics/measures.html", {"form": form})
