"""Doubtful matches: the same person, or somebody else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory.feed_selectors import doubt_list
from ecritoire.directory.models import DoubtfulMatch
from ecritoire.directory.services import DoubtDecided, SourceBusy, doubt_decide
from ecritoire.directory.services.engine.staging import record_of

PAGE = 20
OTHER = "other"


@action_required(Action.FEED_IMPORT)
def doubts(request: AccountRequest) -> HttpResponse:
    page = Paginator(doubt_list(organisation_id=request.user.person.organisation_id), PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "directory/feed_doubts.html", {"page": page, "rows": [_row(doubt) for doubt in page]})


def _row(doubt: DoubtfulMatch) -> dict[str, Any]:
    record = doubt.record
    return {"doubt": doubt, "said": record_of(record.external_id, record.said), "record": record}


@action_required(Action.FEED_IMPORT)
@require_POST
def doubt(request: AccountRequest, pk: int) -> HttpResponse:
    own = DoubtfulMatch.objects.filter(record__source__organisation=request.user.person.organisation_id)
    found = get_object_or_404(own, pk=pk)
    choice = request.POST.get("choice", "")
    person = found.candidates.filter(pk=choice).first() if choice.isdecimal() else None
    if person is None and choice != OTHER:
        messages.error(request, _("Choisissez une personne, ou « quelqu'un d'autre »."))
        return redirect("directory:feed-doubts")
    try:
        report = doubt_decide(doubt=found, person=person, acting_user=request.user)
    except DoubtDecided:
        messages.info(request, _("C'était déjà décidé."))
    except SourceBusy:
        messages.error(request, _("Un envoi de cette source est en cours : recommencez dans un instant."))
    else:
        if report.ok:
            messages.success(request, _("Décidé : la fiche est appliquée."))
        else:
            messages.warning(
                request, _("Décidé, mais la fiche est refusée : %(fault)s") % {"fault": report.faults[0].message}
            )
    return redirect("directory:feed-doubts")
