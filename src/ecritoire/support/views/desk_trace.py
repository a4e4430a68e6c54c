"""Following the person's messages from their ticket, and keeping one that explains it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ecritoire.accounts.models import Account
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.mailflow.trace.forms import PeriodForm
from ecritoire.mailflow.trace.query import query_keep, query_kept
from ecritoire.mailflow.trace.selectors import traces_found
from ecritoire.mailflow.trace.telling import trace_text
from ecritoire.support.models import Ticket
from ecritoire.support.services import account_acts, ticket_note

from .desk import ticket_of

ACT = account_acts.ACTS["trace"]


@never_cache
@action_required(Action.TICKET_HANDLE)
def begin(request: AccountRequest, number: str) -> HttpResponse:
    """Whose mail and why are known: the request says them."""
    row, account = _allowed(request, number)
    form = PeriodForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        query = form.query(
            address=account.login,
            reason=row.number,
            number=row.number,
            back=reverse("support:handle", args=[row.number]),
            attach=reverse("support:trace-attach", args=[row.number]),
        )
        account_acts.ticket_trace(ticket=row, query=query, acting_user=request.user)
        return redirect("mailflow:trace-results", token=query_keep(request.session, query))
    return render(request, "support/desk/act.html", {"ticket": row, "act": ACT, "form": form})


@action_required(Action.TICKET_HANDLE)
@require_POST
def attach(request: AccountRequest, number: str) -> HttpResponse:
    """A message that a search from this request found, as an internal note."""
    row, _account = _allowed(request, number)
    query = query_kept(request.session, request.POST.get("token", ""))
    pk = request.POST.get("trace", "")
    if query is None or query.number != row.number or not (pk.isascii() and pk.isdecimal()):
        raise Http404
    found = traces_found(query, organisation=row.organisation)
    trace = get_object_or_404(found, pk=min(int(pk), 2**62))
    ticket_note(ticket=row, acting_user=request.user, text=trace_text(trace), files=())
    messages.success(request, _("Le suivi est joint à la demande, en note interne."))
    return redirect("support:handle", number=row.number)


def _allowed(request: AccountRequest, number: str) -> tuple[Ticket, Account]:
    row = ticket_of(request, number)
    if row.account is None:
        raise Http404
    if not account_acts.may_act(request.user, ACT, row.account):
        raise PermissionDenied
    return row, row.account
