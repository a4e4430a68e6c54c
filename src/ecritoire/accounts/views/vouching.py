"""Appointments of people who lost their second factor: vouch, then somebody else confirms."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ecritoire.accounts.factors import factors_of
from ecritoire.accounts.forms.factor import VouchForm
from ecritoire.accounts.selectors import account_of, vouching_list
from ecritoire.accounts.services.recovery_codes import ENTRY_HOURS
from ecritoire.accounts.services.vouching import (
    OPEN,
    VouchingRefused,
    may_confirm,
    vouching_confirm,
    vouching_refuse,
    vouching_vouch,
)
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory.models import Person


@never_cache
@action_required(Action.FACTOR_VOUCH)
def index(request: AccountRequest) -> HttpResponse:
    """What waits for this person, and the form of whoever has somebody before them."""
    form = VouchForm(request.POST or None, acting_user=request.user, initial={"login": request.GET.get("login", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            vouching_vouch(account=data["login"], proof=data["proof"], acting_user=request.user)
        except VouchingRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Attesté. Une autre personne, à l'assistance, doit maintenant confirmer."))
            return redirect("accounts:vouchings")
    rows = vouching_list(acting_user=request.user)
    context = {"form": form, "rows": [(row, may_confirm(acting_user=request.user, vouching=row)) for row in rows]}
    return render(request, "accounts/vouching/index.html", context)


@never_cache
@action_required(Action.ACCOUNT_MANAGE)
@require_POST
def confirm(request: AccountRequest, pk: int) -> HttpResponse:
    vouching = get_object_or_404(vouching_list(acting_user=request.user), pk=pk)
    try:
        code = vouching_confirm(vouching=vouching, acting_user=request.user)
    except VouchingRefused as refused:
        messages.error(request, str(refused))
        return redirect("accounts:vouchings")
    # Shown in this answer alone: a redirect would have to keep the code somewhere.
    context = {"code": code, "concerned": vouching.account, "hours": ENTRY_HOURS}
    return render(request, "accounts/vouching/confirmed.html", context)


@action_required(Action.FACTOR_VOUCH)
@require_POST
def refuse(request: AccountRequest, pk: int) -> HttpResponse:
    try:
        vouching_refuse(
            vouching=get_object_or_404(vouching_list(acting_user=request.user), pk=pk), acting_user=request.user
        )
    except VouchingRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Demande refusée : rien n'a changé."))
    return redirect("accounts:vouchings")


def factors_panel(request: HttpRequest, person: Person) -> SafeString:
    """The second factors on a person's page in the directory."""
    account = account_of(person)
    if account is None:
        return SafeString("")
    context: dict[str, object] = {"account": account, "factors": factors_of(account)}
    context["vouching"] = account.vouchings.filter(state__in=OPEN).first()
    context["can_manage"] = request.user.may(Action.ACCOUNT_MANAGE)  # type: ignore[union-attr]
    return render_to_string("accounts/vouching/_panel.html", context, request)
