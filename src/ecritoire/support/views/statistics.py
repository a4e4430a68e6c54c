"""Statistics of the help desk: the tables of a period, the requests behind each number, the corrective measures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecritoire.common.charts import Bar, bar_chart, column_chart
from ecritoire.common.charts import Column as Bars
from ecritoire.common.csv_export import csv_response
from ecritoire.common.heat import Cell, heat_map
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.support.measures import measures_of, measures_save
from ecritoire.support.statistics.headline import headline
from ecritoire.support.statistics.makers import MAKERS
from ecritoire.support.statistics.parts import BEFORE, WEEK, listed
from ecritoire.support.statistics.report_text import NOTHING, written
from ecritoire.support.statistics.tables import Column, Table, table_of, tables_of
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
    shown = Shown(query, may_open_incidents=request.user.may(Action.INCIDENT_MANAGE))
    tables = {table.key: table for table in tables_of(scope)}
    context = {
        "form": form,
        "scope": scope,
        "before": scope.previous().period,
        "headline": headline(tables),
        "tables": [shown.table(table) for table in tables.values()],
        "query": urlencode(query),
        "may_write": request.user.may(Action.DESK_MANAGE),
    }
    return render(request, "support/statistics/index.html", context)


@dataclass
class Shown:
    """Tables as the page has them: each number leads to its requests, each incident to its page for who may open it."""

    query: dict[str, str]
    may_open_incidents: bool

    def table(self, table: Table) -> dict[str, Any]:
        rows = [[self._cell(column, row) for column in table.columns] for row in table.rows]
        return {"table": table, "rows": rows, "chart": self._heat(table) if table.is_shaded else _chart(table)}

    def _cell(self, column: Column, row: dict[str, Any]) -> dict[str, Any]:
        text = written(column.kind, row[column.key])
        return {"text": text or NOTHING, "is_number": column.kind != "text", "url": self._url(column.key, row)}

    @cached_property
    def _address(self) -> str:
        return f"{reverse('support:statistics-tickets')}?{urlencode(self.query)}"

    def _url(self, key: str, row: dict[str, Any]) -> str:
        if key == "title" and self.may_open_incidents:
            return reverse("support:incident", args=[row["incident"]])
        part = row.get("links", {}).get(key)
        return self._listing(part) if part and row[key] else ""

    def _listing(self, part: str) -> str:
        return f"{self._address}&{urlencode({'part': part})}"

    def _heat(self, table: Table) -> SafeString | None:
        names = [str(WEEKDAYS_ABBR[day - 1]).capitalize() for day in WEEK]
        rows = [(str(row["hour"]), [self._hour(row, day) for day in WEEK]) for row in table.rows]
        return heat_map(names, rows) if rows else None

    def _hour(self, row: dict[str, Any], day: int) -> Cell:
        key, moment = f"day{day}", f"{WEEKDAYS[day - 1]} {row['hour']}".capitalize()
        told = ngettext("%(moment)s : %(count)d demande", "%(moment)s : %(count)d demandes", row[key])
        return Cell(row[key], told % {"moment": moment, "count": row[key]}, self._url(key, row))


def _chart(table: Table) -> SafeString | None:
    """Beside the tables where a drawing says more than the figures."""
    if table.key in NAMES and any(row["count"] for row in table.rows):
        bars = [
            Bar(capfirst(row[NAMES[table.key]]), row["share"] or 0, f"{number_format(row['share'] or 0, 1)} %")
            for row in table.rows
        ]
        return bar_chart(bars, title=table.title)
    if table.key == "backlog" and table.rows:
        columns = [Bars(str(row["week"]), [row["waiting"]]) for row in table.rows]
        return column_chart(columns, series=["good"], title=table.title)
    return None


@action_required(Action.STATISTICS_VIEW)
def tickets(request: AccountRequest) -> HttpResponse:
    """The requests a number counts. Who does not handle them sees neither what they say nor whose they are."""
    form = scope_form(request)
    scope, part = form.scope(), request.GET.get("part", "all:")
    try:
        rows = listed(scope, part)
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    page = Paginator(rows.order_by("-created_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "period": (scope.previous() if part.startswith(BEFORE) else scope).period,
        "query": urlencode(_query(form)),
        "may_handle": request.user.may(Action.TICKET_HANDLE),
    }
    return render(request, "support/statistics/tickets.html", context)


@action_required(Action.STATISTICS_VIEW)
def table_csv(request: AccountRequest, key: str) -> StreamingHttpResponse:
    if key not in MAKERS:
        raise Http404
    scope = scope_form(request).scope()
    table = table_of(scope, key)
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
