"""Somebody else's archive: made by the DSI for a reason, handed over by a link and a phrase."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from ecritoire.accounts.models import Account
from ecritoire.accounts.selectors import account_of
from ecritoire.accounts.views.confirmation import confirmed
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory.models import Person
from ecritoire.mailstore.models import Export

from .forms import ExportForForm, PhraseForm
from .selectors import made_for_others
from .sending import archive_response
from .services import export_cancel, handover_find, handover_make, handover_open
from .views import STORE_AWAY, folders_or_none, try_to_ask

PAGE = 30
ALLOWED = "exports_handed_over"
HOLDS_MAIL = (Account.State.ACTIVATED, Account.State.ENDING, Account.State.SUSPENDED, Account.State.DEACTIVATED)


def person_panel(request: HttpRequest, person: Person) -> SafeString:
    """On a person's page, for those who may."""
    account, viewer = account_of(person), request.user
    allowed = viewer.may(Action.EXPORT_MAKE) and account is not None and account.state in HOLDS_MAIL  # type: ignore[union-attr]
    if not allowed or person.organisation_id != viewer.person.organisation_id:  # type: ignore[union-attr]
        return SafeString()
    return render_to_string("mailstore/export/_person_panel.html", {"target": account}, request)


@never_cache
@action_required(Action.EXPORT_MAKE)
def index(request: AccountRequest) -> HttpResponse:
    page = Paginator(made_for_others(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "mailstore/export/console.html", {"page": page})


@action_required(Action.EXPORT_MAKE)
@confirmed
def make(request: AccountRequest, pk: int) -> HttpResponse:
    rows = Account.objects.select_related("person").filter(state__in=HOLDS_MAIL)
    target = get_object_or_404(rows, pk=pk, person__organisation=request.user.person.organisation_id)
    folders = folders_or_none(target)
    form = ExportForForm(request.POST if request.method == "POST" else None, folders=folders or [])
    if folders is None:
        messages.error(request, STORE_AWAY)
    elif request.method == "POST" and form.is_valid():
        why = {"purpose": form.cleaned_data["purpose"], "reason": form.cleaned_data["reason"]}
        if try_to_ask(request, account=target, choice=form.choice(), **why):
            return redirect("exports:console")
    return render(request, "mailstore/export/make.html", {"form": form, "target": target})


@action_required(Action.EXPORT_MAKE)
@require_POST
def link(request: AccountRequest, key: UUID) -> HttpResponse:
    """Shows the link and the phrase, this once."""
    export = _theirs(request, key)
    if not export.is_ready:
        messages.warning(request, _("Cet export n'est pas, ou plus, disponible."))
        return redirect("exports:console")
    made = handover_make(export=export, acting_user=request.user)
    url = request.build_absolute_uri(reverse("exports:handover", args=[made.token]))
    response = render(request, "mailstore/export/link.html", {"export": export, "url": url, "phrase": made.phrase})
    response["Cache-Control"] = "no-store"
    return response


@action_required(Action.EXPORT_MAKE)
@require_POST
def remove(request: AccountRequest, key: UUID) -> HttpResponse:
    export_cancel(export=_theirs(request, key), acting_user=request.user)
    messages.success(request, _("Export supprimé du serveur."))
    return redirect("exports:console")


def _theirs(request: AccountRequest, key: UUID) -> Export:
    return get_object_or_404(made_for_others(request.user), key=key)


@never_cache
@sensitive_post_parameters()
def handover(request: HttpRequest, token: str) -> HttpResponse:
    """What the link opens: the phrase is asked for, then the archive is there for this browser."""
    export = handover_find(token)
    if export is None:
        return render(request, "mailstore/export/link_over.html", status=410)
    form = PhraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if handover_open(export=export, phrase=form.cleaned_data["phrase"]):
            request.session[ALLOWED] = [*request.session.get(ALLOWED, []), token]
            return redirect("exports:handover", token=token)
        form.add_error("phrase", _("Ce n'est pas la bonne phrase. Après cinq erreurs, le lien se ferme."))
    allowed = token in request.session.get(ALLOWED, [])
    return render(
        request, "mailstore/export/handover.html", {"export": export, "form": form, "allowed": allowed, "token": token}
    )


@never_cache
@require_safe
def handover_file(request: HttpRequest, token: str) -> HttpResponse:
    export = handover_find(token)
    if export is None or token not in request.session.get(ALLOWED, []):
        return redirect("exports:handover", token=token)
    return archive_response(request, export, acting_user=None)
