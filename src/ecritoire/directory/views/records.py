"""The records that sources keep of one person, and giving them to somebody else."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory.models import Person
from ecritoire.directory.record_forms import RecordsForm
from ecritoire.directory.services import MoveRefused, SourceBusy, records_move
from ecritoire.directory.services.engine.staging import record_of


@action_required(Action.FEED_IMPORT)
def records(request: AccountRequest, pk: int) -> HttpResponse:
    """What each source says of the person; what would be given is shown before it is."""
    person = get_object_or_404(Person, organisation=request.user.person.organisation_id, pk=pk)
    form = RecordsForm(request.POST or None, person=person)
    if form.is_valid() and "confirmed" in request.POST:
        given = _give(request, person, form)
        if given is not None:
            return redirect("directory:person", given.pk)
    rows = [
        {"record": row, "said": record_of(row.external_id, row.said)}
        for row in person.source_records.select_related("source").order_by("pk")
    ]
    context = {"person": person, "form": form, "rows": rows, "is_shown": form.is_valid()}
    return render(request, "directory/records.html", context)


def _give(request: AccountRequest, person: Person, form: RecordsForm) -> Person | None:
    data = form.cleaned_data
    try:
        given = records_move(person=person, records=list(data["records"]), to=data["to"], acting_user=request.user)
    except SourceBusy:
        messages.error(request, _("Un envoi de cette source est en cours : recommencez dans un instant."))
    except MoveRefused as refused:
        messages.error(request, _("Rien n'a changé : %(fault)s") % {"fault": refused})
    else:
        messages.success(request, _("Fait : les fiches sont celles de %(name)s.") % {"name": given})
        return given
    return None
