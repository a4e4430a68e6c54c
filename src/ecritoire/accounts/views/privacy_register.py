"""The register of personal data requests: what is due, and the answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ecritoire.accounts.forms.privacy import AnswerForm, ExtendForm, ReceivedForm
from ecritoire.accounts.models import Account, PrivacyRequest
from ecritoire.accounts.selectors import account_of
from ecritoire.accounts.selectors.privacy import by_urgency, privacy_register
from ecritoire.accounts.services.privacy import (
    AlreadyDecided,
    ErasureHeld,
    is_held,
    privacy_ask,
    privacy_decide,
    privacy_extend,
)
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory.models import Person

from .confirmation import confirmed
from .privacy import archive_response

PAGE = 30
Kind, State = PrivacyRequest.Kind, PrivacyRequest.State


def person_panel(request: HttpRequest, person: Person) -> SafeString:
    """On a person's page: their requests, the archive of what is known, a request that came by letter."""
    account, viewer = account_of(person), request.user
    if account is None or not viewer.may(Action.PRIVACY_MANAGE):  # type: ignore[union-attr]
        return SafeString()
    if person.organisation_id != viewer.person.organisation_id:  # type: ignore[union-attr]
        return SafeString()
    context = {"account": account, "rows": account.privacy_requests.order_by("-id")[:5]}
    return render_to_string("accounts/privacy/_person_panel.html", context, request)


@never_cache
@action_required(Action.PRIVACY_MANAGE)
def register(request: AccountRequest) -> HttpResponse:
    return _list(request, _("Droits sur les données personnelles"))


@never_cache
@action_required(Action.ACCOUNT_MANAGE)
def corrections(request: AccountRequest) -> HttpResponse:
    """The rectifications alone, for those who know where to have them made."""
    return _list(request, _("Corrections demandées"), Kind.RECTIFICATION)


def _list(request: AccountRequest, title: str, kind: str = "") -> HttpResponse:
    rows = privacy_register(request.user)
    rows = rows.filter(kind=kind) if kind else rows
    closed = request.GET.get("state") == "closed"
    shown = rows.exclude(state=State.OPEN).order_by("-id") if closed else by_urgency(rows.filter(state=State.OPEN))
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/privacy/register.html", {"page": page, "closed": closed, "title": title})


@never_cache
@action_required(Action.PRIVACY_MANAGE, Action.ACCOUNT_MANAGE)
def detail(request: AccountRequest, pk: int) -> HttpResponse:
    """A request, and its answer; each form says by ``do`` which it is."""
    row = get_object_or_404(privacy_register(request.user), pk=pk)
    held = is_held(row.account)
    doing = request.POST.get("do", "")
    form = AnswerForm(request.POST if doing == "answer" else None, row=row, held=held)
    extend_form = ExtendForm(request.POST if doing == "extend" else None)
    if row.is_open and doing == "answer" and form.is_valid():
        return _decide(request, row, form)
    if row.is_open and doing == "extend" and extend_form.is_valid():
        return _extend(request, row, extend_form.cleaned_data["extension"])
    context = {"row": row, "form": form, "extend_form": extend_form, "held": held}
    return render(request, "accounts/privacy/request.html", context)


def _decide(request: AccountRequest, row: PrivacyRequest, form: AnswerForm) -> HttpResponse:
    data = form.cleaned_data
    try:
        privacy_decide(
            request=row,
            state=data["state"],
            answer=data["answer"],
            ground=data["ground"],
            erase=data.get("erase", ()),
            acting_user=request.user,
        )
    except AlreadyDecided:
        messages.warning(request, _("Cette demande a déjà sa réponse."))
    except ErasureHeld:
        messages.error(request, _("Une conservation judiciaire protège ce compte : rien ne s'efface."))
    else:
        messages.success(request, _("Réponse envoyée."))
    return redirect("accounts:privacy-request", pk=row.pk)


def _extend(request: AccountRequest, row: PrivacyRequest, reason: str) -> HttpResponse:
    try:
        privacy_extend(request=row, reason=reason, acting_user=request.user)
        messages.success(request, _("Délai prolongé de deux mois ; la personne en est prévenue."))
    except AlreadyDecided:
        messages.warning(request, _("Cette demande a déjà sa réponse, ou son délai était déjà prolongé."))
    return redirect("accounts:privacy-request", pk=row.pk)


@action_required(Action.PRIVACY_MANAGE)
def received(request: AccountRequest, pk: int) -> HttpResponse:
    """A request that came by letter enters the register at the date it came."""
    target = _target(request, pk)
    form = ReceivedForm(request.POST or None, initial={"received_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        row = privacy_ask(account=target, acting_user=request.user, **form.cleaned_data)
        messages.success(request, _("Demande enregistrée."))
        return redirect("accounts:privacy-request", pk=row.pk)
    return render(request, "accounts/privacy/received.html", {"form": form, "target": target})


@action_required(Action.PRIVACY_MANAGE)
@require_POST
@confirmed
def archive_of(request: AccountRequest, pk: int) -> HttpResponseBase:
    """Everything known about somebody, to hand over to them."""
    return archive_response(_target(request, pk), acting_user=request.user)


def _target(request: AccountRequest, pk: int) -> Account:
    rows = Account.objects.select_related("person__organisation")
    return get_object_or_404(rows, pk=pk, person__organisation=request.user.person.organisation_id)
