"""The help desk: the queue and a ticket in hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.accounts.models import Account
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.support import services
from ecritoire.support.forms import AnswerForm, ClassifyForm, NoteForm, QueueForm
from ecritoire.support.incident_forms import AttachForm
from ecritoire.support.models import Incident, Ticket
from ecritoire.support.selectors import (
    facts_shown,
    is_verified_contact,
    messages_of,
    reply_address,
    ticket_queue,
    tickets_visible_to,
)

PAGE = 50


@action_required(Action.TICKET_HANDLE)
def queue(request: AccountRequest) -> HttpResponse:
    form = QueueForm(request.GET or {"state": "open"})
    page = Paginator(ticket_queue(viewer=request.user, filters=form.filters()), PAGE).get_page(request.GET.get("page"))
    return render(request, "support/queue.html", {"page": page, "form": form, "title": _("Demandes d'assistance")})


@action_required(Action.TICKET_HANDLE)
def handle(request: AccountRequest, number: str) -> HttpResponse:
    """The ticket with its answer, its note and its properties; each form says by ``do`` which it is."""
    row = _ticket(request, number)
    doing, files = request.POST.get("do", ""), request.FILES or None
    forms = {
        "answer": AnswerForm(request.POST if doing == "answer" else None, files, prefix="answer"),
        "note": NoteForm(request.POST if doing == "note" else None, files, prefix="note"),
        "classify": ClassifyForm(
            request.POST if doing == "classify" else None,
            prefix="classify",
            initial={"state": row.state, "priority": row.priority, "kind": row.kind},
        ),
    }
    if doing in forms and forms[doing].is_valid():
        messages.success(request, DOINGS[doing](row, request.user, forms[doing].cleaned_data))
        return redirect("support:handle", number=row.number)
    context = {"ticket": row, "said": messages_of(row, viewer=request.user), "facts": facts_shown(row), **forms}
    context |= {"reply_to": reply_address(row), "is_verified": is_verified_contact(row)}
    current = Incident.objects.filter(organisation=request.user.person.organisation_id)
    current = current.exclude(state=Incident.State.RESOLVED)
    if row.incident_id or current.exists():
        context["attach"] = AttachForm(incidents=current, initial={"incident": row.incident_id})
    return render(request, "support/handle.html", context)


@action_required(Action.TICKET_HANDLE)
@require_POST
def take(request: AccountRequest, number: str) -> HttpResponse:
    row = _ticket(request, number)
    services.ticket_take(ticket=row, acting_user=request.user)
    messages.success(request, _("La demande vous est confiée."))
    return redirect("support:handle", number=row.number)


def _ticket(request: AccountRequest, number: str) -> Ticket:
    """Of one's own académie."""
    rows = tickets_visible_to(request.user).select_related(
        "account__person", "account__recovery_address", "assignee__person", "opened_by"
    )
    return get_object_or_404(rows, number=number)


def _answer(ticket: Ticket, user: Account, data: dict[str, Any]) -> str:
    state = Ticket.State(data["state"])
    services.ticket_answer(ticket=ticket, acting_user=user, text=data["text"], state=state, files=data["attachments"])
    return _("Réponse envoyée.") if reply_address(ticket) else _("Réponse enregistrée : aucune adresse où l'envoyer.")


def _note(ticket: Ticket, user: Account, data: dict[str, Any]) -> str:
    services.ticket_note(ticket=ticket, acting_user=user, text=data["text"], files=data["attachments"])
    return _("Note ajoutée.")


def _classify(ticket: Ticket, user: Account, data: dict[str, Any]) -> str:
    services.ticket_classify(
        ticket=ticket,
        acting_user=user,
        state=Ticket.State(data["state"]),
        priority=Ticket.Priority(int(data["priority"])),
        kind=Ticket.Kind(data["kind"]),
    )
    return _("Demande classée.")


DOINGS = {"answer": _answer, "note": _note, "classify": _classify}
