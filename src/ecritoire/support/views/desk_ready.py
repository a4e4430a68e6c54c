"""Ready answers: everybody's are the administrator's to write, each agent has their own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.support.desk_forms import ReadyForm
from ecritoire.support.models import ReadyAnswer
from ecritoire.support.ready_answers import VARIABLES, ready_answers, ready_delete, ready_render, ready_save
from ecritoire.support.selectors import tickets_visible_to


@action_required(Action.TICKET_HANDLE)
def index(request: AccountRequest) -> HttpResponse:
    rows = ready_answers(agent=request.user, search=request.GET.get("q", "")[:100])
    context = {"rows": rows, "q": request.GET.get("q", ""), "may_share": request.user.may(Action.DESK_MANAGE)}
    return render(request, "support/desk/ready.html", context)


@action_required(Action.TICKET_HANDLE)
def edit(request: AccountRequest, pk: int | None = None) -> HttpResponse:
    """Written, looked at as it will read for the latest request, then kept."""
    row = _mine(request, pk) if pk else None
    may_share = request.user.may(Action.DESK_MANAGE)
    initial: dict[str, Any] = {"is_own": not may_share}
    if row:
        initial = {"title": row.title, "kind": row.kind, "text": row.text, "is_own": row.owner_id is not None}
    form = ReadyForm(request.POST or None, initial=initial, may_share=may_share)
    context: dict[str, Any] = {"form": form, "row": row, "variables": VARIABLES}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if request.POST.get("do") != "preview":
            is_own = data.pop("is_own", True)
            ready_save(row=row, acting_user=request.user, is_own=is_own, **data)
            messages.success(request, _("Réponse prête enregistrée."))
            return redirect("support:ready-answers")
        latest = tickets_visible_to(request.user).select_related("organisation").order_by("-pk").first()
        context["preview"] = ready_render(data["text"], ticket=latest, agent=request.user) if latest else data["text"]
        context["preview_of"] = latest
    return render(request, "support/desk/ready_edit.html", context)


@action_required(Action.TICKET_HANDLE)
@require_POST
def delete(request: AccountRequest, pk: int) -> HttpResponse:
    ready_delete(row=_mine(request, pk), acting_user=request.user)
    messages.success(request, _("Réponse prête supprimée."))
    return redirect("support:ready-answers")


def _mine(request: AccountRequest, pk: int) -> ReadyAnswer:
    """One's own, or everybody's for whoever may write those."""
    row = get_object_or_404(ready_answers(agent=request.user).select_related("organisation"), pk=pk)
    if row.owner_id is None and not request.user.may(Action.DESK_MANAGE):
        raise PermissionDenied
    return row
