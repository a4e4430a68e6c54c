"""HR feeds in the console: a file is chosen, simulated, and shown on its run's page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory.feed.staff import COLUMNS
from ecritoire.directory.feed_forms import UploadForm
from ecritoire.directory.feed_selectors import doubts_waiting, is_quiet, run_list, source_list
from ecritoire.directory.models import FeedRun
from ecritoire.directory.services import SourceBusy, default_source_ensure
from ecritoire.directory.services.uploads import is_small, upload_read, upload_receive
from ecritoire.directory.tasks import feed_read

RUNS_SHOWN = 8


@action_required(Action.FEED_IMPORT)
def feed(request: AccountRequest) -> HttpResponse:
    """Choose a file, see how the sources do."""
    organisation = request.user.person.organisation
    default_source_ensure(organisation=organisation)
    form = UploadForm(request.POST or None, request.FILES or None, organisation_id=organisation.pk)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        run = upload_receive(
            source=form.cleaned_data["source"], name=file.name, chunks=file.chunks(), acting_user=request.user
        )
        _read(run)
        return redirect("directory:feed-run", run.pk)
    sources = list(source_list(organisation_id=organisation.pk))
    context = {
        "form": form,
        "columns": ";".join(COLUMNS),
        "sources": [(source, is_quiet(source)) for source in sources],
        "runs": run_list(organisation_id=organisation.pk)[:RUNS_SHOWN],
        "doubts": doubts_waiting(organisation_id=organisation.pk),
    }
    return render(request, "directory/feed.html", context)


def _read(run: FeedRun) -> None:
    """A small file while one waits; a large one, or one whose source is at work, by a job."""
    if is_small(run):
        try:
            upload_read(run=run)
        except SourceBusy:
            feed_read.defer(run_id=run.pk)
    else:
        feed_read.defer(run_id=run.pk)


@action_required(Action.FEED_IMPORT)
def template(request: AccountRequest) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="personnels.csv"'}
    return HttpResponse(";".join(COLUMNS) + "\r\n", content_type="text/csv; charset=utf-8", headers=headers)
