"""The help desk: the list and a ticket in hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ecritoire.accounts.models import Account
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.support import services
from ecritoire.support.desk_forms import ClassifyForm, DeskAnswerForm, DeskForm, SavedFilterForm
from ecritoire.support.desk_list import (
    COUNTED,
    desk_beside,
    desk_counts,
    desk_in_every_state,
    desk_in_state,
    desk_page,
    desk_tickets,
)
from ecritoire.support.facts import facts_shown
from ecritoire.support.forms import NoteForm
from ecritoire.support.incident_forms import AttachForm
from ecritoire.support.models import Incident, ReadyAnswer, Ticket, TicketMessage
from ecritoire.support.ready_answers import ready_answers, ready_render, ready_used
from ecritoire.support.selectors import (
    is_verified_contact,
    messages_of,
    reply_address,
    tickets_visible_to,
)

from .desk_side import side

LIST_KEPT = "desk-list"
READY_SHOWN = 100
NAVIGATION = {"after", "before", "page"}
BULK_LABELS = {
    "take": gettext_lazy("Les prendre"),
    "assign": gettext_lazy("Confier à…"),
    "state": gettext_lazy("Changer l'état…"),
    "priority": gettext_lazy("Changer la priorité…"),
    "kind": gettext_lazy("Changer la nature…"),
    "line": gettext_lazy("Mettre dans la file…"),
    "incident": gettext_lazy("Rattacher à un incident…"),
    "answer": gettext_lazy("Répondre d'un même texte…"),
    "merge": gettext_lazy("Les regrouper…"),
}


@action_required(Action.TICKET_HANDLE)
def queue(request: AccountRequest) -> HttpResponse:
    form = DeskForm(request.GET or {"state": "open"}, viewer=request.user)
    filters = form.filters()
    every = desk_in_every_state(viewer=request.user, filters=filters)
    rows = desk_in_state(every, filters.state)
    page = desk_page(rows, sort=filters.sort, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    narrowed = _query(request.GET)
    if request.session.get(LIST_KEPT) != narrowed:
        request.session[LIST_KEPT] = narrowed
    context = {
        "page": page,
        "form": form,
        "title": _("Demandes d'assistance"),
        "counts": _counts(every, filters.state, request.GET),
        "saved": request.user.saved_filters.all(),
        "save_form": SavedFilterForm(initial={"query": narrowed}),
        "query": narrowed,
        "acts": BULK_LABELS,
    }
    return render(request, "support/queue.html", context)


def _query(data: QueryDict) -> str:
    kept = data.copy()
    for name in [name for name in kept if name in NAVIGATION or not kept[name]]:
        del kept[name]
    return kept.urlencode()[:500]


def _counts(rows: QuerySet[Ticket], here: str, data: QueryDict) -> list[dict[str, Any]]:
    """Of what the other filters leave, in each state, with the address that shows it."""
    shown = []
    for state, count in desk_counts(rows).items():
        address = data.copy()
        for name in NAVIGATION & set(address):
            del address[name]
        address["state"] = state
        label = Ticket.State(state).label
        number = f"{COUNTED}+" if count > COUNTED else str(count)
        shown.append({"label": label, "count": number, "query": address.urlencode(), "here": here == state})
    return shown


@action_required(Action.TICKET_HANDLE)
def handle(request: AccountRequest, number: str) -> HttpResponse:
    """The ticket with its answer, its note and its properties; each form says by ``do`` which it is."""
    row = ticket_of(request, number)
    if row.merged_into and request.method == "GET":
        messages.info(request, _("La demande %(number)s est regroupée avec celle-ci.") % {"number": row.number})
        return redirect("support:handle", number=row.merged_into.number)
    doing, files = request.POST.get("do", ""), request.FILES or None
    said = list(messages_of(row, viewer=request.user))
    forms = {
        "answer": DeskAnswerForm(
            request.POST if doing == "answer" else None, files, prefix="answer", initial=_begun(request, row, said)
        ),
        "note": NoteForm(request.POST if doing == "note" else None, files, prefix="note"),
        "classify": ClassifyForm(request.POST if doing == "classify" else None, prefix="classify", ticket=row),
    }
    context: dict[str, Any] = {}
    if doing in forms and forms[doing].is_valid():
        try:
            messages.success(request, DOINGS[doing](row, request.user, forms[doing]))
            return redirect("support:handle", number=row.number)
        except services.SaidMeanwhile as meanwhile:
            context["meanwhile"] = meanwhile.said
            forms["answer"] = _again(request, meanwhile.said)
            said = list(messages_of(row, viewer=request.user))
    context |= {"ticket": row, "said": said, "facts": facts_shown(row), **forms}
    context |= {"reply_to": reply_address(row), "is_verified": is_verified_contact(row)}
    context |= side(row, request.user, said)
    context["ready_answers"] = ready_answers(agent=request.user, kind=row.kind)[:READY_SHOWN]
    context |= _beside(request, row)
    current = Incident.objects.filter(organisation=request.user.person.organisation_id)
    current = current.exclude(state=Incident.State.RESOLVED)
    if row.incident_id or current.exists():
        context["attach"] = AttachForm(incidents=current, initial={"incident": row.incident_id})
    return render(request, "support/handle.html", context)


def _begun(request: AccountRequest, ticket: Ticket, said: list[TicketMessage]) -> dict[str, Any]:
    """Where the answer starts from: the last message read, and a ready answer chosen without a script."""
    begun: dict[str, Any] = {"seen": max((row.pk for row in said), default=0)}
    chosen = request.GET.get("ready", "")
    if chosen.isdecimal():
        row = ready_answers(agent=request.user).filter(pk=int(chosen)).first()
        if row:
            begun |= {"text": ready_render(row.text, ticket=ticket, agent=request.user), "ready": row.pk}
    return begun


def _again(request: AccountRequest, said: list[TicketMessage]) -> DeskAnswerForm:
    """The same answer, now that what was said meanwhile is shown: sending it again is the confirmation."""
    data = request.POST.copy()
    data["answer-seen"] = str(said[-1].pk)
    return DeskAnswerForm(data, prefix="answer")


def _beside(request: AccountRequest, ticket: Ticket) -> dict[str, Any]:
    """The requests before and after in the list the agent comes from."""
    kept = request.session.get(LIST_KEPT, "state=open")
    form = DeskForm(QueryDict(kept or "state=open"), viewer=request.user)
    filters = form.filters()
    rows = desk_tickets(viewer=request.user, filters=filters)
    before, after = desk_beside(rows, ticket=ticket, sort=filters.sort)
    return {"list_query": kept, "number_before": before, "number_after": after}


@action_required(Action.TICKET_HANDLE)
@require_POST
def take(request: AccountRequest, number: str) -> HttpResponse:
    row = ticket_of(request, number)
    services.ticket_take(ticket=row, acting_user=request.user)
    messages.success(request, _("La demande vous est confiée."))
    return redirect("support:handle", number=row.number)


def ticket_of(request: AccountRequest, number: str) -> Ticket:
    """Of one's own académie."""
    rows = tickets_visible_to(request.user).select_related(
        "account__person",
        "account__recovery_address",
        "assignee__person",
        "opened_by",
        "queue",
        "structure",
        "organisation",
        "merged_into",
        "satisfaction",
        "alert__acknowledged_by__person",
    )
    return get_object_or_404(rows, number=number)


def _answer(ticket: Ticket, user: Account, form: Any) -> str:
    data = form.cleaned_data
    state, seen = Ticket.State(data["state"]), data.get("seen")
    said = {"ticket": ticket, "acting_user": user, "text": data["text"], "state": state, "files": data["attachments"]}
    if seen is None:
        services.ticket_answer(**said)
    else:
        services.ticket_answer_after(**said, seen=seen)
    used = ReadyAnswer.objects.filter(organisation=user.organisation_id, pk=data.get("ready") or 0).first()
    if used:
        ready_used(row=used)
    return _("Réponse envoyée.") if reply_address(ticket) else _("Réponse enregistrée : aucune adresse où l'envoyer.")


def _note(ticket: Ticket, user: Account, form: Any) -> str:
    data = form.cleaned_data
    services.ticket_note(ticket=ticket, acting_user=user, text=data["text"], files=data["attachments"])
    return _("Note ajoutée.")


def _classify(ticket: Ticket, user: Account, form: ClassifyForm) -> str:
    data = form.cleaned_data
    services.ticket_classify(
        ticket=ticket,
        acting_user=user,
        state=Ticket.State(data["state"]),
        priority=Ticket.Priority(int(data["priority"])),
        kind=Ticket.Kind(data["kind"]),
        **form.by_hand(),
    )
    return _("Demande enregistrée.")


DOINGS: dict[str, Callable[[Ticket, Account, Any], str]] = {"answer": _answer, "note": _note, "classify": _classify}
