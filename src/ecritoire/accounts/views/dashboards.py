"""The overview to hang on a wall, and the states of accounts with their flows."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ecritoire.accounts.dashboards import activation, ends, life
from ecritoire.accounts.dashboards import pending as waiting
from ecritoire.accounts.dashboards.activation import REFERENCE
from ecritoire.accounts.dashboards.feeds import feeds_health
from ecritoire.accounts.dashboards.scope import Scope, scope_of
from ecritoire.accounts.lifecycle import Event, State
from ecritoire.accounts.selectors.contributors import Filters, decidable_by, narrowed
from ecritoire.common.charts import Column, column_chart
from ecritoire.common.csv_export import csv_response
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action

from .dashboard_lists import PAGE, ends_chart, trend_chart, watching


@watching
def overview(request: AccountRequest) -> HttpResponse:
    """Everything at a glance. Twelve queries at most beyond the page's own."""
    scope = scope_of(request.user)
    months = activation.by_month(scope, activation.last_months())
    weeks = ends.by_week(scope)
    context = {
        "scope": scope,
        "states": _state_figures(life.states(scope)),
        "total": activation.total(scope),
        "reference": REFERENCE,
        "months": months,
        "months_chart": trend_chart(months, _("Part des arrivants activés dans les trois mois, par mois d'arrivée")),
        "ages": waiting.ages(scope),
        "windows": ends.windows(scope),
        "weeks": weeks,
        "weeks_chart": ends_chart(weeks),
        **_flows(scope),
    }
    if request.user.may(Action.STATISTICS_VIEW):
        context["feeds"] = feeds_health(scope.organisation_id)
    if request.user.may(Action.CONTRIBUTOR_DECIDE):
        context["to_decide"] = narrowed(decidable_by(request.user), Filters(state="waiting")).count()
    return render(request, "accounts/dashboards/overview.html", context)


def _state_figures(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(state, str(State(state).label), count) for state, count in counts.items()]


def _flows(scope: Scope) -> dict[str, object]:
    flows = life.by_week(scope)
    columns = [Column(f"{flow.start:%d/%m}", flow.of(life.FLOWS)) for flow in flows]
    title = _("Mouvements des comptes, par semaine")
    return {
        "flows": [(flow.start, flow.of(life.FLOWS)) for flow in reversed(flows)],
        "flow_labels": [(event.value, event.label) for event in life.FLOWS],
        "flows_chart": column_chart(columns, series=life.FLOWS, title=title),
    }


@watching
def states_page(request: AccountRequest) -> HttpResponse:
    """Accounts by state, their flows by day and week, and each school's. Five queries beyond the page's own."""
    scope = scope_of(request.user)
    page = Paginator(life.by_school(scope), PAGE).get_page(request.GET.get("page"))
    days = life.by_day(scope)
    context = {
        "states": _state_figures(life.states(scope)),
        "page": page,
        "state_labels": State.choices,
        "days": [(flow.start, list(flow.counts.values())) for flow in reversed(days)],
        "event_labels": Event.choices,
        **_flows(scope),
    }
    return render(request, "accounts/dashboards/states.html", context)


@watching
def states_csv(request: AccountRequest) -> StreamingHttpResponse:
    return csv_response("etats.csv", _states_lines(scope_of(request.user)))


def _states_lines(scope: Scope) -> Iterator[list[object]]:
    yield ["uai", "etablissement", *State.values, "total"]
    for row in life.by_school(scope):
        yield [row.uai, row.name, *(row.counts.get(state, 0) for state in State.values), row.total]
    counts = life.states(scope)
    yield ["", _("Ensemble, chacun une fois"), *counts.values(), sum(counts.values())]


@watching
def flows_csv(request: AccountRequest) -> StreamingHttpResponse:
    """A quarter, day by day."""
    flows = life.by_day(scope_of(request.user), days=92)
    lines = [[flow.start.isoformat(), *flow.counts.values()] for flow in flows]
    return csv_response("mouvements.csv", [["jour", *Event.values], *lines])
