"""Critical alerts: « je m'en occupe », and who is on call."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.support.alerts import alert_acknowledge, on_call_add, on_call_remove
from ecritoire.support.models import CriticalAlert, OnCall
from ecritoire.support.settings_forms import OnCallForm


@action_required(Action.TICKET_HANDLE)
def alert(request: AccountRequest, pk: int) -> HttpResponse:
    """Where the mail leads: a link that is only opened, by a scanner for instance, acknowledges nothing."""
    rows = CriticalAlert.objects.filter(ticket__organisation=request.user.organisation_id)
    row = get_object_or_404(rows.select_related("ticket", "acknowledged_by__person"), pk=pk)
    if request.method == "POST":
        if alert_acknowledge(alert=row, acting_user=request.user):
            messages.success(request, _("C'est noté : personne d'autre ne sera prévenu."))
        else:
            messages.info(request, _("Quelqu'un s'en occupe déjà."))
        return redirect("support:handle", number=row.ticket.number)
    told = row.told.select_related("person").order_by("person__family_name")
    context = {"alert": row, "ticket": row.ticket, "told": told, "may_set": request.user.may(Action.DESK_MANAGE)}
    return render(request, "support/alert.html", context)


@action_required(Action.DESK_MANAGE)
def on_call(request: AccountRequest) -> HttpResponse:
    form = OnCallForm(request.POST or None, organisation_id=request.user.organisation_id)
    if request.method == "POST" and form.is_valid():
        on_call_add(acting_user=request.user, **form.cleaned_data)
        messages.success(request, _("Astreinte ajoutée."))
        return redirect("support:on-call")
    coming = _rows(request).filter(ends_at__gt=timezone.now()).select_related("account__person")
    return render(request, "support/settings/on_call.html", {"form": form, "coming": coming, "now": timezone.now()})


@action_required(Action.DESK_MANAGE)
@require_POST
def on_call_delete(request: AccountRequest, pk: int) -> HttpResponse:
    on_call_remove(row=get_object_or_404(_rows(request), pk=pk), acting_user=request.user)
    messages.success(request, _("Astreinte retirée."))
    return redirect("support:on-call")


def _rows(request: AccountRequest) -> QuerySet[OnCall]:
    return OnCall.objects.filter(organisation=request.user.organisation_id)
