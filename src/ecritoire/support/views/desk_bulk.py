"""One act on the rows chosen in the list: asked what it needs, confirmed, reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ecritoire.accounts.models import Account
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.support import incidents, services
from ecritoire.support.desk_forms import SavedFilterForm, bulk_form
from ecritoire.support.models import SavedFilter, Ticket
from ecritoire.support.selectors import tickets_visible_to
from ecritoire.support.services.bulk import BULK_LIMIT, Report, tickets_each

from .desk import BULK_LABELS, LIST_KEPT

ASKED_FROM = 10
"""From so many rows on, even what asks for nothing is confirmed."""


@action_required(Action.TICKET_HANDLE)
@require_POST
def bulk(request: AccountRequest) -> HttpResponse:
    name, chosen = request.POST.get("act", ""), request.POST.getlist("ticket")
    rows = list(tickets_visible_to(request.user).select_related("organisation").filter(number__in=chosen[:BULK_LIMIT]))
    rows.sort(key=lambda row: chosen.index(row.number))
    if name not in BULK_LABELS or not rows:
        messages.error(request, _("Choisissez des demandes et ce qu'il faut en faire."))
        return _back(request)
    if len(chosen) > BULK_LIMIT:
        messages.error(request, _("%(limit)s demandes au plus à la fois.") % {"limit": BULK_LIMIT})
        return _back(request)
    confirmed = "confirmed" in request.POST or (name == "take" and len(rows) < ASKED_FROM)
    form = bulk_form(name, viewer=request.user, tickets=rows, data=request.POST if confirmed else None)
    if confirmed and form.is_valid():
        report = _do(name, rows, request.user, form.cleaned_data)
        _tell(request, report)
        return _back(request)
    context = {"act": name, "title": BULK_LABELS[name], "tickets": rows, "form": form, "back": _list(request)}
    return render(request, "support/desk/bulk.html", context)


def _do(name: str, rows: list[Ticket], agent: Account, data: dict[str, Any]) -> Report:
    if name == "merge":
        into = next(row for row in rows if row.number == data["into"])
        rows = [row for row in rows if row is not into]
        data = {"into": into}
    return tickets_each(tickets=rows, act=lambda row: ACTS[name](row, agent, data))


def _take(row: Ticket, agent: Account, _data: dict[str, Any]) -> None:
    _open(row)
    services.ticket_take(ticket=row, acting_user=agent)


def _assign(row: Ticket, agent: Account, data: dict[str, Any]) -> None:
    _open(row)
    services.ticket_assign(ticket=row, assignee=data["assignee"], acting_user=agent)


def _classify(row: Ticket, agent: Account, data: dict[str, Any]) -> None:
    values: dict[str, Any] = {"state": row.state, "priority": row.priority, "kind": row.kind} | data
    services.ticket_classify(
        ticket=row,
        acting_user=agent,
        state=Ticket.State(values["state"]),
        priority=Ticket.Priority(int(values["priority"])),
        kind=Ticket.Kind(values["kind"]),
    )


def _line(row: Ticket, agent: Account, data: dict[str, Any]) -> None:
    services.ticket_move(ticket=row, queue=data["line"], acting_user=agent)


def _incident(row: Ticket, agent: Account, data: dict[str, Any]) -> None:
    _open(row)
    incidents.tickets_attach(incident=data["incident"], tickets=[row], acting_user=agent)


def _answer(row: Ticket, agent: Account, data: dict[str, Any]) -> None:
    _open(row)
    services.ticket_answer(ticket=row, acting_user=agent, text=data["text"], state=Ticket.State(data["state"]))


def _merge(row: Ticket, agent: Account, data: dict[str, Any]) -> None:
    services.ticket_merge(ticket=row, into=data["into"], acting_user=agent)


def _open(row: Ticket) -> None:
    if not row.is_open:
        raise services.Impossible(_("elle n'est plus ouverte"))


ACTS: dict[str, Callable[[Ticket, Account, dict[str, Any]], None]] = {
    "take": _take,
    "assign": _assign,
    "state": _classify,
    "priority": _classify,
    "kind": _classify,
    "line": _line,
    "incident": _incident,
    "answer": _answer,
    "merge": _merge,
}


def _tell(request: AccountRequest, report: Report) -> None:
    count = len(report.done)
    if count:
        words = ngettext("%(count)s demande traitée.", "%(count)s demandes traitées.", count)
        messages.success(request, words % {"count": count})
    for number, reason in report.refused:
        messages.error(request, f"{number} : {reason}")


def _list(request: AccountRequest) -> str:
    return f"{reverse('support:queue')}?{request.session.get(LIST_KEPT, '')}"


def _back(request: AccountRequest) -> HttpResponse:
    return redirect(_list(request))


@action_required(Action.TICKET_HANDLE)
@require_POST
def filter_save(request: AccountRequest) -> HttpResponse:
    """By its name: saving again under the same name replaces it."""
    form = SavedFilterForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        SavedFilter.objects.update_or_create(account=request.user, name=data["name"], defaults={"query": data["query"]})
        messages.success(request, _("Filtre enregistré."))
    else:
        messages.error(request, _("Donnez un nom au filtre, de soixante caractères au plus."))
    return _back(request)


@action_required(Action.TICKET_HANDLE)
@require_POST
def filter_delete(request: AccountRequest, pk: int) -> HttpResponse:
    get_object_or_404(request.user.saved_filters, pk=pk).delete()
    messages.success(request, _("Filtre retiré."))
    return _back(request)
