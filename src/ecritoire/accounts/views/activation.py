"""The activation path: one page a step, any of them may be left and taken up again."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ecritoire.accounts.forms import AddressForm, CodeForm, DisputeForm, MemoForm, NewPasswordForm, QuestionsForm
from ecritoire.accounts.services.activation import STEPS, details_confirm, details_dispute, memo_acknowledge, step_next
from ecritoire.accounts.services.passwords import password_set
from ecritoire.accounts.services.recovery import (
    code_allowed,
    recovery_address_propose,
    recovery_address_verify,
    secret_questions_set,
)
from ecritoire.common.requests import AccountRequest
from ecritoire.directory.selectors import assignments_of

StepView = Callable[[AccountRequest], HttpResponse]


def _show(request: AccountRequest, name: str, **context: object) -> HttpResponse:
    account = request.user
    steps = [{"label": step.label, "done": step.done(account), "current": step.name == name} for step in STEPS]
    return render(request, f"accounts/activation/{name}.html", {"steps": steps, "account": account, **context})


def step(name: str) -> Callable[[StepView], StepView]:
    """A step's page: only for a signed-in person who has this step before them, or has already done it."""

    def decorate(view: StepView) -> StepView:
        @never_cache
        @login_required
        def guarded(request: AccountRequest) -> HttpResponse:
            coming = step_next(request.user)
            if coming is None or coming.name != name:
                return next_page(request)
            return view(request)

        return guarded

    return decorate


@login_required
def next_page(request: AccountRequest) -> HttpResponse:
    """Go to the first step still to do."""
    coming = step_next(request.user)
    if coming is not None:
        return redirect(coming.url_name)
    if not request.user.is_activated:
        memo_acknowledge(account=request.user)
    return redirect("portal:home")


@step("password")
def password(request: AccountRequest) -> HttpResponse:
    form = NewPasswordForm(request.POST or None, account=request.user)
    if request.method == "POST" and form.is_valid():
        password_set(account=request.user, password=form.cleaned_data["new_password"])
        update_session_auth_hash(request, request.user)
        return redirect("accounts:activation")
    return _show(request, "password", form=form)


@step("details")
def details(request: AccountRequest) -> HttpResponse:
    form = DisputeForm(request.POST if "dispute" in request.POST else None)
    if request.method == "POST":
        if "dispute" not in request.POST:
            details_confirm(account=request.user)
            return redirect("accounts:activation")
        if form.is_valid():
            details_dispute(account=request.user, text=form.cleaned_data["text"])
            messages.success(request, _("Votre demande de correction est transmise à la DSI."))
            return redirect("accounts:activation")
    assignments = assignments_of(request.user.person)
    return _show(request, "details", form=form, assignments=assignments)


@step("address")
def address(request: AccountRequest) -> HttpResponse:
    """Two forms on one page: the address, then the code sent there."""
    row = getattr(request.user, "recovery_address", None)
    pending = row.pending if row else ""
    code = "code" in request.POST
    address_form = AddressForm(None if code else request.POST or None, initial={"address": pending})
    code_form = CodeForm(request.POST if code else None)
    if request.method == "POST" and not code and address_form.is_valid():
        if not code_allowed(login=request.user.login):
            messages.error(
                request, _("Six codes ont déjà été envoyés aujourd'hui. Reprenez demain, ou appelez l'assistance.")
            )
        else:
            recovery_address_propose(account=request.user, address=address_form.cleaned_data["address"])
        return redirect("accounts:activation-address")
    if code and code_form.is_valid():
        if recovery_address_verify(account=request.user, code=code_form.cleaned_data["code"]):
            return redirect("accounts:activation")
        code_form.add_error("code", _("Ce code n'est pas le bon, ou n'est plus valable. Demandez-en un autre."))
    return _show(request, "address", form=address_form, code_form=code_form, pending=pending)


@step("questions")
def questions(request: AccountRequest) -> HttpResponse:
    form = QuestionsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        secret_questions_set(account=request.user, answers=form.answers())
        return redirect("accounts:activation")
    return _show(request, "questions", form=form)


@step("memo")
def memo(request: AccountRequest) -> HttpResponse:
    form = MemoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        memo_acknowledge(account=request.user)
        messages.success(request, _("Votre compte est activé : bienvenue."))
        return redirect("portal:home")
    return _show(request, "memo", form=form)


@login_required
@require_POST
def address_again(request: AccountRequest) -> HttpResponse:
    """Send the code again to the same address."""
    row = getattr(request.user, "recovery_address", None)
    if row and row.pending and code_allowed(login=request.user.login):
        recovery_address_propose(account=request.user, address=row.pending)
        messages.success(request, _("Un nouveau code est parti ; le précédent ne vaut plus."))
    else:
        messages.error(request, _("Aucun code ne peut être envoyé : reprenez demain, ou appelez l'assistance."))
    return redirect("accounts:recovery" if "back" in request.POST else "accounts:activation-address")
