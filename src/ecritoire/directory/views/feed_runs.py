"""Runs of feeds: what each changes, by kind and with names; what it refused; the decision on one that waits."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.common.csv_export import csv_response
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory.feed_selectors import change_list, fault_rows, kinds_of, run_list
from ecritoire.directory.models import FeedRun
from ecritoire.directory.services import RunRefused, SourceBusy, run_abandon, run_apply
from ecritoire.directory.tasks import feed_apply

PAGE, FAULTS_SHOWN = 50, 100
AT_ONCE = 2_000
"""Rows that a page applies while one waits."""
State = FeedRun.State
MOVING = {State.READING, State.APPLYING}


@action_required(Action.FEED_IMPORT)
def runs(request: AccountRequest) -> HttpResponse:
    found = run_list(organisation_id=request.user.person.organisation_id)
    return render(
        request, "directory/feed_runs.html", {"page": Paginator(found, PAGE).get_page(request.GET.get("page"))}
    )


@action_required(Action.FEED_IMPORT)
def run(request: AccountRequest, pk: int) -> HttpResponse:
    found = _run_of(request, pk)
    kinds = kinds_of(found)
    chosen = request.GET.get("kind", kinds[0][0] if kinds else "")
    page = Paginator(change_list(found, kind=chosen), PAGE).get_page(request.GET.get("page"))
    context = {
        "run": found,
        "kinds": kinds,
        "kind": chosen,
        "page": page,
        "has_values": any(change.before or change.after for change in page),
        "faults": found.faults[:FAULTS_SHOWN],
        "faults_shown": FAULTS_SHOWN,
        "is_moving": found.state in MOVING,
        "may_apply": found.state in {State.DRY_RUN, State.WAITING, State.INTERRUPTED},
        "must_confirm": bool(found.brakes) and not found.is_confirmed,
    }
    return render(request, "directory/feed_run.html", context)


@action_required(Action.FEED_IMPORT)
@require_POST
def run_confirm(request: AccountRequest, pk: int) -> HttpResponse:
    """Apply the very entries that are shown; beyond the brakes only when the box is ticked."""
    found, confirmed = _run_of(request, pk), request.POST.get("confirmed") == "1"
    if found.brakes and not (confirmed or found.is_confirmed):
        messages.error(request, _("Cochez la case : ces départs ou ces changements sont voulus."))
    elif found.rows > AT_ONCE:
        feed_apply.defer(run_id=found.pk, login=request.user.login, confirmed=confirmed)
        messages.info(request, _("Application lancée : cette page en dira l'issue."))
    else:
        _apply(request, found, confirmed)
    return redirect("directory:feed-run", pk)


def _apply(request: AccountRequest, found: FeedRun, confirmed: bool) -> None:
    try:
        report = run_apply(run=found, acting_user=request.user, confirmed=confirmed)
    except RunRefused:
        messages.error(request, _("Ce n'est plus à appliquer : un envoi plus récent, ou quelqu'un, l'a devancé."))
    except SourceBusy:
        messages.error(request, _("Un autre envoi de cette source est en cours : recommencez dans un instant."))
    else:
        if report.state == State.APPLIED:
            messages.success(request, _("Appliqué en %(seconds).1f s.") % {"seconds": report.seconds})
        else:
            messages.error(request, _("Rien n'a été appliqué : l'annuaire a changé depuis la simulation."))


@action_required(Action.FEED_IMPORT)
@require_POST
def run_drop(request: AccountRequest, pk: int) -> HttpResponse:
    try:
        run_abandon(run=_run_of(request, pk), acting_user=request.user)
        messages.success(request, _("Envoi laissé sans suite : rien n'a changé."))
    except (RunRefused, SourceBusy):
        messages.error(request, _("Cet envoi ne peut plus être abandonné."))
    return redirect("directory:feed-run", pk)


@action_required(Action.FEED_IMPORT)
def run_faults(request: AccountRequest, pk: int) -> StreamingHttpResponse:
    header = [_("Fichier"), _("Ligne"), _("Champ"), _("Valeur"), _("Erreur")]
    return csv_response(f"refus-{pk}.csv", [header, *fault_rows(_run_of(request, pk))])


def _run_of(request: AccountRequest, pk: int) -> FeedRun:
    own = FeedRun.objects.filter(source__organisation=request.user.person.organisation_id)
    return get_object_or_404(own.select_related("source__organisation"), pk=pk)
