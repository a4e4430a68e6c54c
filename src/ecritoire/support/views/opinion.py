"""After a request: opening it again, and saying what one thought of the help, signed in or by the link of the closing mail."""

from __future__ import annotations

import contextlib

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ecritoire.common.requests import AccountRequest
from ecritoire.support.desk_forms import OpinionForm
from ecritoire.support.forms import MessageForm
from ecritoire.support.models import Satisfaction, Ticket
from ecritoire.support.selectors import tickets_of
from ecritoire.support.services.closing import (
    AlreadyRated,
    TooLate,
    satisfaction_give,
    satisfaction_ticket,
    ticket_reopen,
)


@never_cache
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link shows a question: mail scanners that follow it answer nothing. It names no person and no text."""
    ticket = satisfaction_ticket(token)
    if ticket is None:
        return render(request, "support/desk/opinion.html", {"is_over": True}, status=410)
    done = Satisfaction.objects.filter(ticket=ticket).exists()
    form = OpinionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not done and form.is_valid():
        with contextlib.suppress(AlreadyRated):
            _give(ticket, form, None)
        done = True
    return render(request, "support/desk/opinion.html", {"form": form, "ticket": ticket, "is_done": done})


@login_required
@require_POST
def rate(request: AccountRequest, number: str) -> HttpResponse:
    row = get_object_or_404(tickets_of(request.user).select_related("organisation"), number=number)
    form = OpinionForm(request.POST)
    if row.state not in {Ticket.State.RESOLVED, Ticket.State.CLOSED}:
        messages.error(request, _("Votre avis est demandé une fois la demande résolue."))
    elif form.is_valid():
        try:
            _give(row, form, request)
            messages.success(request, _("Merci de votre avis."))
        except AlreadyRated:
            messages.info(request, _("Votre avis est déjà enregistré."))
    else:
        messages.error(request, _("Avis : choisissez l'un des trois visages."))
    return redirect("support:ticket", number=row.number)


@login_required
@require_POST
def reopen(request: AccountRequest, number: str) -> HttpResponse:
    row = get_object_or_404(tickets_of(request.user).select_related("organisation"), number=number)
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Message : dites ce qui ne va toujours pas."))
        return redirect("support:ticket", number=row.number)
    try:
        data = form.cleaned_data
        ticket_reopen(ticket=row, acting_user=request.user, text=data["text"], files=data["attachments"])
        messages.success(request, _("Demande rouverte : l'assistance la reprend."))
    except TooLate:
        messages.error(request, _("Cette demande ne peut plus être rouverte : ouvrez-en une autre."))
    return redirect("support:ticket", number=row.number)


def _give(ticket: Ticket, form: OpinionForm, request: AccountRequest | None) -> None:
    data = form.cleaned_data
    satisfaction_give(
        ticket=ticket,
        score=Satisfaction.Score(data["score"]),
        comment=data["comment"],
        acting_user=request.user if request else None,
    )
