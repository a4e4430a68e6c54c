"""Help as a local IT contact sees it: the requests of their colleagues, and asking for one of them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from ecritoire.accounts.overview import looks_after
from ecritoire.accounts.selectors import accounts_in_reach
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.support.forms import AnswerForm, MessageForm, QueueForm, RelayForm
from ecritoire.support.models import Ticket, TicketMessage
from ecritoire.support.routing import disciplines_of
from ecritoire.support.selectors import contact_turn, messages_of, ticket_queue, tickets_visible_to
from ecritoire.support.services import ticket_answer, ticket_hand_over, ticket_open, ticket_relay

PAGE = 50


@action_required(Action.TICKET_RELAY)
def queue(request: AccountRequest) -> HttpResponse:
    form = QueueForm(request.GET or {"state": "open"})
    page = Paginator(ticket_queue(viewer=request.user, filters=form.filters()), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "title": _("Demandes de l'établissement")}
    context["turn"] = contact_turn(request.user)
    return render(request, "support/school_queue.html", context)


@action_required(Action.TICKET_RELAY)
def ticket(request: AccountRequest, number: str) -> HttpResponse:
    """Read, and add what one knows; answering is support's, except what the rules give to the local contact first."""
    row = get_object_or_404(Ticket, organisation=request.user.organisation_id, number=number)
    if not tickets_visible_to(request.user).filter(pk=row.pk).exists():
        raise PermissionDenied
    if contact_turn(request.user).filter(pk=row.pk).exists():
        return _own_turn(request, row)
    form = MessageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        ticket_relay(ticket=row, acting_user=request.user, text=data["text"], files=data["attachments"])
        messages.success(request, _("Note transmise à l'assistance."))
        return redirect("support:school-ticket", number=row.number)
    context = {"ticket": row, "form": form, "said": messages_of(row, viewer=request.user)}
    return render(request, "support/school_ticket.html", context)


def _own_turn(request: AccountRequest, row: Ticket) -> HttpResponse:
    """It is the contact's: they answer, or hand it over; each form says by ``do`` which it is."""
    doing = request.POST.get("do", "")
    answer = AnswerForm(request.POST if doing == "answer" else None, request.FILES or None, prefix="answer")
    if doing == "answer" and answer.is_valid():
        ticket_answer(
            ticket=row,
            acting_user=request.user,
            text=answer.cleaned_data["text"],
            state=Ticket.State(answer.cleaned_data["state"]),
            side=TicketMessage.Side.CONTACT,
            files=answer.cleaned_data["attachments"],
        )
        messages.success(request, _("Réponse envoyée."))
        return redirect("support:school-ticket", number=row.number)
    if doing == "hand_over":
        ticket_hand_over(ticket=row, acting_user=request.user)
        messages.success(request, _("Demande transmise à l'assistance."))
        return redirect("support:school-ticket", number=row.number)
    context = {"ticket": row, "answer": answer, "said": messages_of(row, viewer=request.user)}
    return render(request, "support/school_turn.html", context)


@action_required(Action.TICKET_RELAY, Action.TICKET_HANDLE)
def ask_for(request: AccountRequest, pk: int) -> HttpResponse:
    """A request on behalf of a colleague who cannot sign in, or of somebody on the telephone."""
    account = get_object_or_404(accounts_in_reach(request.user).select_related("person"), pk=pk)
    handles = request.user.may(Action.TICKET_HANDLE)
    if not handles and not looks_after(contact=request.user, person_id=account.person_id):
        raise PermissionDenied
    form = RelayForm(request.POST or None, request.FILES or None, disciplines=disciplines_of(account.organisation_id))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        row = ticket_open(
            kind=Ticket.Kind(data["kind"]),
            subject=data["subject"],
            text=data["text"],
            contact=data["contact"],
            account=account,
            opened_by=request.user,
            discipline=data["discipline"],
            channel=Ticket.Channel.PHONE if handles else Ticket.Channel.CONTACT,
            files=data["attachments"],
        )
        messages.success(request, _("Demande %(number)s enregistrée.") % {"number": row.number})
        return redirect("support:handle" if handles else "support:school-ticket", number=row.number)
    return render(request, "support/ask.html", {"form": form, "person": account.person})
