"""The editor of the interactive questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.knowledge.forms import ChoiceForm, CrossroadForm
from ecritoire.knowledge.models import Crossroad
from ecritoire.knowledge.selectors import crossroad_by_slug, crossroads_with_reach
from ecritoire.knowledge.services.paths import ChoiceSaid, PathRefused, crossroad_delete, crossroad_save

EMPTY_ROWS = 3
ChoiceSet = forms.formset_factory(ChoiceForm, extra=EMPTY_ROWS, max_num=12)


@action_required(Action.KNOWLEDGE_WRITE)
def index(request: AccountRequest) -> HttpResponse:
    return render(request, "knowledge/desk/paths.html", {"crossroads": crossroads_with_reach()})


@action_required(Action.KNOWLEDGE_PUBLISH)
def edit(request: AccountRequest, slug: str = "") -> HttpResponse:
    """A question and its choices, saved whole or not at all."""
    row = crossroad_by_slug(slug) if slug else None
    if slug and row is None:
        return redirect("knowledge:paths")
    form = CrossroadForm(request.POST or None, initial=_initial(row))
    choices = ChoiceSet(request.POST or None, initial=_choices(row), prefix="choix")
    if request.method == "POST" and form.is_valid() and choices.is_valid():
        said = [ChoiceSaid(**c.cleaned_data) for c in choices if c.cleaned_data.get("label")]
        try:
            saved = crossroad_save(crossroad=row, choices=said, acting_user=request.user, **form.cleaned_data)
        except PathRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Question enregistrée."))
            return redirect("knowledge:path-edit", slug=saved.slug)
    return render(request, "knowledge/desk/path.html", {"crossroad": row, "form": form, "choices": choices})


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
        crossroad_delete(crossroad=get_object_or_404(Crossroad, slug=slug), acting_user=request.user)
        messages.success(request, _("Question supprimée."))
    except ProtectedError:
        messages.error(request, _("Une autre question mène à celle-ci : changez d'abord ce choix."))
        return redirect("knowledge:path-edit", slug=slug)
    return redirect("knowledge:paths")
