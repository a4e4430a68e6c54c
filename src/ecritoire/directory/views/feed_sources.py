"""Sources of feeds: where they come from, how they are read, who prevails, when to stop and ask."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory.feed_forms import SourceForm, ready_documents
from ecritoire.directory.feed_selectors import run_list
from ecritoire.directory.models import FeedSource
from ecritoire.directory.services.sources import source_save

RUNS_SHOWN = 5


@action_required(Action.SOURCE_MANAGE)
def source_create(request: AccountRequest) -> HttpResponse:
    return _edit(request, FeedSource(organisation=request.user.person.organisation))


@action_required(Action.SOURCE_MANAGE)
def source_edit(request: AccountRequest, pk: int) -> HttpResponse:
    own = FeedSource.objects.filter(organisation=request.user.person.organisation_id)
    return _edit(request, get_object_or_404(own.select_related("organisation"), pk=pk))


def _edit(request: AccountRequest, source: FeedSource) -> HttpResponse:
    form = SourceForm(request.POST or None, source=source)
    if request.method == "POST" and form.is_valid():
        source_save(source=form.filled(), acting_user=request.user)
        messages.success(request, _("Source « %(name)s » enregistrée.") % {"name": source.name})
        return redirect("directory:feed")
    runs = run_list(organisation_id=source.organisation_id).filter(source=source)[:RUNS_SHOWN] if source.pk else []
    context = {"form": form, "source": source, "ready": ready_documents(), "runs": runs}
    return render(request, "directory/feed_source.html", context)
