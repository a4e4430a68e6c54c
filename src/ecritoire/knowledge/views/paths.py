"""The editor of the interactive questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F, ProtectedError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory.models import Organisation
from ecritoire.knowledge.forms import ChoiceForm, CrossroadForm
from ecritoire.knowledge.models import Crossroad
from ecritoire.knowledge.selectors import crossroads_with_reach, crossroads_written_by
from ecritoire.knowledge.services.paths import ChoiceSaid, PathRefused, crossroad_delete, crossroad_save

EMPTY_ROWS = 3
ChoiceSet = forms.formset_factory(ChoiceForm, extra=EMPTY_ROWS, max_num=12)


@action_required(Action.KNOWLEDGE_WRITE)
def index(request: AccountRequest) -> HttpResponse:
    return render(
        request, "knowledge/desk/paths.html", {"crossroads": crossroads_with_reach(crossroads_written_by(request.user))}
    )


@action_required(Action.KNOWLEDGE_PUBLISH)
def edit(request: AccountRequest, slug: str = "") -> HttpResponse:
    """A question and its choices, saved whole or not at all."""
    row = _own(request, slug) if slug else None
    form = CrossroadForm(request.POST or None, initial=_initial(row))
    choices = ChoiceSet(request.POST or None, initial=_choices(row), prefix="choix")
    if request.method == "POST" and form.is_valid() and choices.is_valid():
        said = [ChoiceSaid(**c.cleaned_data) for c in choices if c.cleaned_data.get("label")]
        try:
            saved = crossroad_save(
                crossroad=row,
                organisation=row.organisation if row else _owner(request),
                choices=said,
                acting_user=request.user,
                **form.cleaned_data,
            )
        except PathRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Question enregistrée."))
            return redirect("knowledge:path-edit", slug=saved.slug)
    return render(request, "knowledge/desk/path.html", {"crossroad": row, "form": form, "choices": choices})


def _own(request: AccountRequest, slug: str) -> Crossroad:
    """Of one's own académie, or the one for all where one may change it."""
    rows = crossroads_written_by(request.user).filter(slug=slug).order_by(F("organisation").asc(nulls_last=True))
    row = rows.prefetch_related("choices__to_crossroad", "choices__to_article").first()
    if row is None:
        raise Http404
    return row


def _owner(request: AccountRequest) -> Organisation | None:
    """The installation's own académie writes for all."""
    here = request.user.person.organisation
    return None if here.is_own else here


def _initial(row: Crossroad | None) -> dict[str, Any]:
    return {"slug": row.slug, "question": row.question, "hint": row.hint} if row else {}


def _choices(row: Crossroad | None) -> list[dict[str, str]]:
    return [
        {
            "label": choice.label,
            "crossroad": choice.to_crossroad.slug if choice.to_crossroad else "",
            "article": choice.to_article.slug if choice.to_article else "",
            "page": choice.page,
        }
        for choice in (row.choices.all() if row else [])
    ]


@action_required(Action.KNOWLEDGE_PUBLISH)
@require_POST
def delete(request: AccountRequest, slug: str) -> HttpResponse:
    try:
        crossroad_delete(crossroad=_own(request, slug), acting_user=request.user)
        messages.success(request, _("Question supprimée."))
    except ProtectedError:
        messages.error(request, _("Une autre question mène à celle-ci : changez d'abord ce choix."))
        return redirect("knowledge:path-edit", slug=slug)
    return redirect("knowledge:paths")
