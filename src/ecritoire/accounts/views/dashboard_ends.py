"""Whose access ends soon."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from ecritoire.accounts.dashboards import ends
from ecritoire.accounts.dashboards.scope import scope_of
from ecritoire.accounts.forms.dashboards import EndsForm
from ecritoire.accounts.models import Account
from ecritoire.common.csv_export import csv_response
from ecritoire.common.requests import AccountRequest
from ecritoire.common.services import audit_record

from .dashboard_lists import (
    PAGE,
    batches_of,
    ends_chart,
    identity_of,
    may_export,
    people_of,
    place_of,
    taking_away,
    watching,
)


@watching
def ends_page(request: AccountRequest) -> HttpResponse:
    """Whose access ends soon. A bounded number of queries: the columns answer for a whole page."""
    scope = scope_of(request.user)
    form = EndsForm(request.GET, scope=scope)
    rows = ends.ends(scope, form.filters())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    accounts = list(page)
    weeks = ends.by_week(scope)
    context = {
        "form": form,
        "page": page,
        "people": people_of(accounts),
        "columns": [(label, facts(accounts)) for label, facts in ends.columns()],
        "windows": ends.windows(scope),
        "weeks": weeks,
        "weeks_chart": ends_chart(weeks),
        "may_export": may_export(request),
    }
    return render(request, "accounts/dashboards/ends.html", context)


@taking_away
def ends_csv(request: AccountRequest) -> StreamingHttpResponse:
    scope = scope_of(request.user)
    rows = ends.ends(scope, EndsForm(request.GET, scope=scope).filters())
    asked = {name: value for name, value in request.GET.items() if value and name != "page"}
    audit_record(acting_user=request.user, action="dashboard.export", target=f"{rows.count()} fins", filters=asked)
    return csv_response("fins.csv", _ends_lines(rows))


def _ends_lines(rows: QuerySet[Account]) -> Iterator[list[object]]:
    columns = ends.columns()
    yield [
        *["nom", "prenom", "identifiant", "categorie", "uai", "etablissement", "etat", "fin_des_droits", "fermeture"],
        *(str(label) for label, _facts in columns),
    ]
    for batch in batches_of(rows):
        people, facts = people_of(batch), [fact(batch) for _label, fact in columns]
        for row in batch:
            who = [*identity_of(row), *place_of(people[row.person_id]), row.get_state_display()]
            days = [row.person.right_until or "", row.closes_on or ""]
            yield [*who, *days, *(fact.get(row.pk, "") for fact in facts)]
