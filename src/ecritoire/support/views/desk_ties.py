"""Merging, linking, splitting, following: each a small form beside the ticket."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.common.forms import Form
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.support import services
from ecritoire.support.desk_forms import LinkForm, OtherForm, SplitForm, WatcherForm
from ecritoire.support.models import Ticket, TicketLink, TicketMessage
from ecritoire.support.presence import presence_note
from ecritoire.support.ready_answers import ready_answers, ready_render
from ecritoire.support.selectors import messages_of

from .desk import ticket_of

VIEWS = ("all", "said", "notes", "steps")


@action_required(Action.TICKET_HANDLE)
@require_POST
def merge(request: AccountRequest, number: str) -> HttpResponse:
    row = ticket_of(request, number)
    form = OtherForm(request.POST, viewer=request.user, prefix="merge")
    if not form.is_valid():
        return _refused(request, row, form)
    into = form.cleaned_data["number"]
    try:
        services.ticket_merge(ticket=row, into=into, acting_user=request.user)
    except services.Impossible as reason:
        messages.error(request, str(reason))
        return redirect("support:handle", number=row.number)
    return redirect("support:handle", number=into.number)


@action_required(Action.TICKET_HANDLE)
@require_POST
def unmerge(request: AccountRequest, number: str) -> HttpResponse:
    row = ticket_of(request, number)
    try:
        services.ticket_unmerge(ticket=row, acting_user=request.user)
        messages.success(request, _("La demande %(number)s est de nouveau indépendante.") % {"number": row.number})
    except services.Impossible as reason:
        messages.error(request, str(reason))
    return redirect("support:handle", number=row.number)


@action_required(Action.TICKET_HANDLE)
@require_POST
def link(request: AccountRequest, number: str) -> HttpResponse:
    row = ticket_of(request, number)
    form = LinkForm(request.POST, viewer=request.user, prefix="link")
    if not form.is_valid():
        return _refused(request, row, form)
    data = form.cleaned_data
    try:
        kind = TicketLink.Kind(data["kind"])
        services.ticket_link(ticket=row, other=data["number"], kind=kind, acting_user=request.user)
        messages.success(request, _("Les deux demandes sont liées."))
    except services.Impossible as reason:
        messages.error(request, str(reason))
    return redirect("support:handle", number=row.number)


@action_required(Action.TICKET_HANDLE)
@require_POST
def unlink(request: AccountRequest, number: str, pk: int) -> HttpResponse:
    row = ticket_of(request, number)
    own = TicketLink.objects.filter(Q(ticket=row) | Q(other=row)).select_related(
        "ticket__organisation", "other__organisation"
    )
    services.ticket_unlink(link=get_object_or_404(own, pk=pk), acting_user=request.user)
    messages.success(request, _("Lien retiré."))
    return redirect("support:handle", number=row.number)


@action_required(Action.TICKET_HANDLE)
@require_POST
def split(request: AccountRequest, number: str) -> HttpResponse:
    row = ticket_of(request, number)
    said = [m for m in messages_of(row, viewer=request.user) if m.side == TicketMessage.Side.PERSON]
    form = SplitForm(request.POST, said=said, prefix="split")
    if not form.is_valid():
        return _refused(request, row, form)
    message = next(m for m in said if str(m.pk) == form.cleaned_data["message"])
    try:
        made = services.ticket_split(message=message, subject=form.cleaned_data["subject"], acting_user=request.user)
    except services.Impossible as reason:
        messages.error(request, str(reason))
        return redirect("support:handle", number=row.number)
    messages.success(request, _("Nouvelle demande %(number)s.") % {"number": made.number})
    return redirect("support:handle", number=made.number)


@action_required(Action.TICKET_HANDLE)
@require_POST
def watch(request: AccountRequest, number: str) -> HttpResponse:
    row = ticket_of(request, number)
    form = WatcherForm(request.POST, ticket=row, prefix="watch")
    if not form.is_valid():
        return _refused(request, row, form)
    services.watcher_add(ticket=row, account=form.cleaned_data["account"], acting_user=request.user)
    messages.success(request, _("Prévenu par courriel de chaque étape."))
    return redirect("support:handle", number=row.number)


@action_required(Action.TICKET_HANDLE)
@require_POST
def unwatch(request: AccountRequest, number: str, pk: int) -> HttpResponse:
    row = ticket_of(request, number)
    watcher = get_object_or_404(row.watchers.select_related("account__person", "ticket__organisation"), pk=pk)
    services.watcher_remove(watcher=watcher, acting_user=request.user)
    messages.success(request, _("Ne suit plus la demande."))
    return redirect("support:handle", number=row.number)


@action_required(Action.TICKET_HANDLE)
@require_POST
def presence(request: AccountRequest, number: str) -> HttpResponse:
    """A beat of an open page; answers who else is there, and whether something was said since."""
    row = ticket_of(request, number)
    others = presence_note(ticket=row, account=request.user, writes=request.POST.get("writes") == "yes")
    seen = request.POST.get("seen", "")
    newer = messages_of(row, viewer=request.user).exclude(author=request.user)
    is_stale = seen.isdecimal() and newer.filter(pk__gt=int(seen)).exists()
    return render(request, "support/desk/_presence.html", {"others": others, "is_stale": is_stale, "ticket": row})


@action_required(Action.TICKET_HANDLE)
def ready(request: AccountRequest, number: str, pk: int) -> HttpResponse:
    """A ready answer as it reads for this ticket."""
    row = ticket_of(request, number)
    found = get_object_or_404(ready_answers(agent=request.user), pk=pk)
    return JsonResponse({"text": ready_render(found.text, ticket=row, agent=request.user)})


@action_required(Action.TICKET_HANDLE)
def history(request: AccountRequest, number: str) -> HttpResponse:
    """Everything that was said and done, in the order it happened."""
    row = ticket_of(request, number)
    shown = request.GET.get("show", "all")
    shown = shown if shown in VIEWS else "all"
    said = list(messages_of(row, viewer=request.user))
    said = [m for m in said if shown != "notes" or m.audience != TicketMessage.Audience.PUBLIC]
    steps = list(row.events.select_related("actor__person"))
    moments: list[dict[str, Any]] = [{"at": m.created_at, "said": m} for m in (said if shown != "steps" else [])]
    moments += [
        {"at": e.created_at, "step": e, "changes": _words(e.detail)}
        for e in (steps if shown in {"all", "steps"} else [])
    ]
    moments.sort(key=lambda moment: moment["at"])
    choices = {"all": _("Tout"), "said": _("Messages"), "notes": _("Notes"), "steps": _("Étapes")}
    context = {"ticket": row, "moments": moments, "shown": shown, "choices": choices}
    return render(request, "support/desk/history.html", context)


def _words(detail: dict[str, list[object]]) -> list[dict[str, str]]:
    """What changed, in the reader's words."""
    labels = {
        "state": (_("état"), Ticket.State),
        "priority": (_("priorité"), Ticket.Priority),
        "kind": (_("nature"), Ticket.Kind),
        "route": (_("chemin"), Ticket.Route),
        "queue": (_("ligne"), None),
        "assignee": (_("confiée à"), None),
    }
    rows = []
    for name, pair in detail.items():
        label, choices = labels.get(name, ("", None))
        before, after = (_word(value, choices) for value in ([*pair, "", ""])[:2])
        rows.append({"label": label, "before": before, "after": after})
    return rows


def _word(value: object, choices: object) -> str:
    if value is None or value == "":
        return ""
    known = {str(key): label for key, label in getattr(choices, "choices", [])}
    return str(known.get(str(value), value))


def _refused(request: AccountRequest, row: Ticket, form: Form) -> HttpResponse:
    """Names the field."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        messages.error(request, f"{label} : {' '.join(map(str, errors))}" if label else " ".join(map(str, errors)))
    return redirect("support:handle", number=row.number)
