"""Following a message: a search with its reason, what it finds, one message step by step."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action

from .forms import TraceForm
from .query import TraceQuery, query_keep, query_kept
from .selectors import traces_found, traces_page
from .services import trace_search
from .telling import badge_kind, steps_told


@never_cache
@action_required(Action.TRACE_VIEW)
def search(request: AccountRequest) -> HttpResponse:
    form = TraceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        query = form.query()
        trace_search(query=query, acting_user=request.user)
        return redirect("mailflow:trace-results", token=query_keep(request.session, query))
    return render(request, "mailflow/trace_search.html", {"form": form, "days": settings.TRACE_DAYS})


@never_cache
@action_required(Action.TRACE_VIEW)
def results(request: AccountRequest, token: str) -> HttpResponse:
    query = _query(request, token)
    found = traces_found(query, organisation=request.user.person.organisation)
    page = traces_page(found, after=request.GET.get("after", ""))
    rows = [{"trace": row, "kind": badge_kind(row.status)} for row in page.rows]
    return render(request, "mailflow/trace_results.html", _context(query, token) | {"rows": rows, "page": page})


@never_cache
@action_required(Action.TRACE_VIEW)
def detail(request: AccountRequest, token: str, pk: int) -> HttpResponse:
    """Of what the search finds, and nothing else."""
    query = _query(request, token)
    row = get_object_or_404(traces_found(query, organisation=request.user.person.organisation), pk=pk)
    context = {"trace": row, "kind": badge_kind(row.status), "steps": steps_told(row)}
    return render(request, "mailflow/trace_detail.html", _context(query, token) | context)


def _query(request: AccountRequest, token: str) -> TraceQuery:
    query = query_kept(request.session, token)
    if query is None:
        raise Http404
    return query


def _context(query: TraceQuery, token: str) -> dict[str, Any]:
    return {"query": query, "token": token}
