"""The console of whoever looks after the installation: its académies, their figures, their first administrators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ecritoire.accounts.forms.platform import AppointForm
from ecritoire.accounts.selectors.academies import academy_list, dns_wanted, installation_acts, is_served
from ecritoire.accounts.services.appointing import AppointmentRefused, administrator_appoint
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory.academy_forms import AcademyForm
from ecritoire.directory.models import FeedRun, Organisation
from ecritoire.directory.services import academy_save

platform = action_required(Action.PLATFORM_MANAGE)


@platform
def index(request: AccountRequest) -> HttpResponse:
    context = {"rows": academy_list(), "acts": installation_acts(), "states": dict(FeedRun.State.choices)}
    return render(request, "accounts/platform/index.html", context)


@platform
def create(request: AccountRequest) -> HttpResponse:
    form = AcademyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _save(request, form.cleaned_data)
    return render(request, "accounts/platform/form.html", {"form": form})


@platform
def edit(request: AccountRequest, pk: int) -> HttpResponse:
    academy = get_object_or_404(Organisation, pk=pk)
    form = AcademyForm(request.POST or None, organisation=academy)
    if request.method == "POST" and form.is_valid():
        return _save(request, form.cleaned_data)
    return render(request, "accounts/platform/form.html", {"form": form, "academy": academy})


def _save(request: AccountRequest, values: dict[str, Any]) -> HttpResponse:
    academy, made = academy_save(mail_domain=values["mail_domain"], values=values, acting_user=request.user)
    text = _("« %(name)s » est créée.") if made else _("« %(name)s » est à jour.")
    messages.success(request, text % {"name": academy.name})
    return redirect("accounts:academy", pk=academy.pk)


@never_cache
@platform
def detail(request: AccountRequest, pk: int) -> HttpResponse:
    """Its figures, what its DNS must say, and the first administrator's form."""
    academy = get_object_or_404(academy_list(), pk=pk)
    form = AppointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = administrator_appoint(organisation=academy, acting_user=request.user, **form.cleaned_data)
        except AppointmentRefused as refused:
            form.add_error("employee_number", str(refused))
        else:
            text = _("Administrateur nommé. Son identifiant, à lui remettre : %(login)s")
            messages.success(request, text % {"login": account.login})
            return redirect("accounts:academy", pk=academy.pk)
    context = {"academy": academy, "form": form, "records": dns_wanted(academy), "is_served": is_served(academy)}
    context["last_run_state"] = dict(FeedRun.State.choices).get(getattr(academy, "last_run_state", None) or "")
    return render(request, "accounts/platform/detail.html", context)
