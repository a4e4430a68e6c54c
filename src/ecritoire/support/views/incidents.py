"""Incidents: declared and told by support; seen, joined and hidden by everybody."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.support import incidents
from ecritoire.support.banners import HIDDEN, told_to
from ecritoire.support.incident_forms import AttachForm, IncidentForm, UpdateForm
from ecritoire.support.models import Incident, IncidentProposal, Ticket
from ecritoire.support.status_page import status_path

PAST_SHOWN = 30
HIDDEN_KEPT = 20


@action_required(Action.INCIDENT_MANAGE)
def index(request: AccountRequest) -> HttpResponse:
    """What is going on, what may be going on, what is over."""
    rows = _mine(request).annotate(people=Count("tickets"))
    context = {
        "status": status_path(request.user.person.organisation),
        "proposals": _proposals(request).annotate(people=Count("tickets")),
        "current": rows.exclude(state=Incident.State.RESOLVED),
        "past": rows.filter(state=Incident.State.RESOLVED)[:PAST_SHOWN],
    }
    return render(request, "support/incidents/index.html", context)


@action_required(Action.INCIDENT_MANAGE)
def declare(request: AccountRequest, proposal: int | None = None) -> HttpResponse:
    """A new incident; from a proposal, with the requests that gathered."""
    found = get_object_or_404(_proposals(request), pk=proposal) if proposal else None
    initial = {"title": found.title, "severity": Incident.Severity.MAJOR} if found else {}
    form = IncidentForm(request.POST or None, organisation=request.user.person.organisation, initial=initial)
    if request.method == "POST" and form.is_valid():
        if found:
            incident = incidents.proposal_accept(proposal=found, notice=form.notice, acting_user=request.user)
        else:
            incident = incidents.incident_declare(
                organisation=request.user.person.organisation,
                notice=form.notice,
                structures=form.cleaned_data["structures"],
                acting_user=request.user,
            )
        messages.success(request, _("Incident déclaré : le bandeau est en place."))
        return redirect("support:incident", pk=incident.pk)
    tickets = found.tickets.select_related("account__person").order_by("pk") if found else []
    return render(request, "support/incidents/declare.html", {"form": form, "proposal": found, "tickets": tickets})


@action_required(Action.INCIDENT_MANAGE)
@require_POST
def dismiss(request: AccountRequest, pk: int) -> HttpResponse:
    proposal = get_object_or_404(_proposals(request), pk=pk)
    incidents.proposal_dismiss(proposal=proposal, acting_user=request.user)
    messages.success(request, _("Proposition écartée."))
    return redirect("support:incidents")


@action_required(Action.INCIDENT_MANAGE)
def detail(request: AccountRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_mine(request), pk=pk)
    form = UpdateForm(request.POST or None, initial={"state": row.state})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        state = Incident.State(data["state"])
        incidents.incident_tell(incident=row, state=state, text=data["text"], acting_user=request.user)
        messages.success(request, _("Message publié."))
        return redirect("support:incident", pk=row.pk)
    context = {
        "incident": row,
        "form": form,
        "updates": row.updates.all(),
        "tickets": row.tickets.select_related("account__person").order_by("-pk"),
    }
    return render(request, "support/incidents/detail.html", context)


@action_required(Action.TICKET_HANDLE)
@require_POST
def attach(request: AccountRequest, number: str) -> HttpResponse:
    """Say that a request is about an incident, or no longer is."""
    rows = Ticket.objects.filter(organisation=request.user.person.organisation_id)
    ticket = get_object_or_404(rows, number=number)
    form = AttachForm(request.POST, incidents=_mine(request).exclude(state=Incident.State.RESOLVED))
    if form.is_valid():
        incident = form.cleaned_data["incident"]
        if incident:
            incidents.tickets_attach(incident=incident, tickets=[ticket], acting_user=request.user)
        elif ticket.incident_id:
            incidents.ticket_detach(ticket=ticket, acting_user=request.user)
        messages.success(request, _("C'est noté."))
    return redirect("support:handle", number=ticket.number)


@login_required
@require_POST
def join(request: AccountRequest, pk: int) -> HttpResponse:
    """« Moi aussi »: for an incident one is told of."""
    if pk not in {told.pk for told in told_to(request)}:
        raise Http404
    ticket = incidents.incident_join(incident=Incident.objects.get(pk=pk), account=request.user)
    messages.success(request, _("C'est noté : vous serez prévenu quand ce sera terminé."))
    return redirect("support:ticket", number=ticket.number)


@require_POST
def hide(request: AccountRequest) -> HttpResponse:
    """Hide a banner until something new is said of it."""
    marks = [*request.session.get(HIDDEN, []), request.POST.get("mark", "")[:40]]
    request.session[HIDDEN] = marks[-HIDDEN_KEPT:]
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=True)
    return redirect(back if safe else "portal:home")


def _mine(request: AccountRequest) -> QuerySet[Incident]:
    return Incident.objects.filter(organisation=request.user.person.organisation_id)


def _proposals(request: AccountRequest) -> QuerySet[IncidentProposal]:
    rows = IncidentProposal.objects.filter(organisation=request.user.person.organisation_id)
    return rows.filter(state=IncidentProposal.State.OPEN).order_by("-pk")
