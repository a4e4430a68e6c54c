"""A specialist's lines: their requests, answered, noted, handed over."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.support.forms import AnswerForm, NoteForm
from ecritoire.support.models import Ticket
from ecritoire.support.selectors import line_tickets, messages_of
from ecritoire.support.services import ticket_answer, ticket_hand_over, ticket_note

PAGE = 50


@action_required(Action.TICKET_SPECIALIST)
def queue(request: AccountRequest) -> HttpResponse:
    """What is open, the soonest due first; ``?etat=closes``: what was."""
    over = request.GET.get("etat") == "closes"
    rows = line_tickets(request.user)
    rows = rows.exclude(state__in=Ticket.OPEN).order_by("-resolved_at") if over else rows.filter(state__in=Ticket.OPEN)
    if not over:
        rows = rows.order_by("due_at", "priority", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "support/lines/queue.html", {"page": page, "over": over})


@action_required(Action.TICKET_SPECIALIST)
def ticket(request: AccountRequest, number: str) -> HttpResponse:
    """Each form says by ``do`` which it is. The person's sign-ins are none of a specialist's business."""
    row = get_object_or_404(line_tickets(request.user), number=number)
    doing, sent = request.POST.get("do", ""), request.FILES or None
    answer = AnswerForm(request.POST if doing == "answer" else None, sent, prefix="answer")
    note = NoteForm(request.POST if doing == "note" else None, sent, prefix="note")
    if doing == "answer" and answer.is_valid():
        data = answer.cleaned_data
        state, files = Ticket.State(data["state"]), data["attachments"]
        ticket_answer(ticket=row, acting_user=request.user, text=data["text"], state=state, files=files)
        messages.success(request, _("Réponse envoyée."))
        return redirect("support:line-ticket", number=number)
    if doing == "note" and note.is_valid():
        data = note.cleaned_data
        ticket_note(ticket=row, acting_user=request.user, text=data["text"], files=data["attachments"])
        messages.success(request, _("Note ajoutée."))
        return redirect("support:line-ticket", number=number)
    if doing == "hand_over":
        ticket_hand_over(ticket=row, acting_user=request.user)
        messages.success(request, _("Demande transmise à l'assistance."))
        return redirect("support:line-queue")
    context = {"ticket": row, "answer": answer, "note": note, "said": messages_of(row, viewer=request.user)}
    return render(request, "support/lines/ticket.html", context)
