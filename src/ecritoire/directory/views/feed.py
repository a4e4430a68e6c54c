"""HR files: simulated, then applied."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory.feed.staff import COLUMNS
from ecritoire.directory.forms import UploadForm
from ecritoire.directory.selectors import feed_run_list, simulation_of
from ecritoire.directory.services import RunRefused, feed_apply, run_apply, structures_apply

SERVICES = {"staff": feed_apply, "structures": structures_apply}
FAULTS_SHOWN = 200


@action_required(Action.FEED_IMPORT)
def feed(request: AccountRequest) -> HttpResponse:
    """Choose a file; it is simulated, and nothing changes yet."""
    form = UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form, "columns": ";".join(COLUMNS)}
    if request.method == "POST" and form.is_valid():
        file, kind = form.cleaned_data["file"], form.cleaned_data["kind"]
        content = file.read()
        report = SERVICES[kind](content=content, file_name=file.name, dry_run=True, acting_user=request.user)
        context |= {"report": report, "file_name": file.name, "faults": report.faults[:FAULTS_SHOWN]}
        if report.ok and report.changes:
            context["run_id"] = report.run_id
    context["runs"] = feed_run_list()[:15]
    return render(request, "directory/feed.html", context)


@action_required(Action.FEED_IMPORT)
@require_POST
def feed_confirm(request: AccountRequest, pk: int) -> HttpResponse:
    """Apply the very entries that were simulated."""
    run = simulation_of(pk=pk, login=request.user.login)
    try:
        if run is None:
            raise RunRefused
        report = run_apply(run=run, acting_user=request.user)
    except RunRefused:
        messages.error(request, _("Ce fichier n'est plus là : choisissez-le de nouveau."))
        return redirect("directory:feed")
    if report.ok:
        messages.success(request, _("Fichier appliqué en %(seconds).1f s.") % {"seconds": report.seconds})
    else:
        messages.error(request, _("Rien n'a été appliqué : %(fault)s") % {"fault": report.faults[0].message})
    return redirect("directory:feed")


@action_required(Action.FEED_IMPORT)
def template(request: AccountRequest) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="personnels.csv"'}
    return HttpResponse(";".join(COLUMNS) + "\r\n", content_type="text/csv; charset=utf-8", headers=headers)
