"""Forgotten password: identifier, then code *and* secret answer, then a new password."""

from __future__ import annotations

import time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from ecritoire.accounts.forms import ForgottenForm, HelpForm, NewPasswordForm, ResetForm
from ecritoire.accounts.lifecycle import OPEN
from ecritoire.accounts.models import Account
from ecritoire.accounts.services.help import failures_today, forgotten_help
from ecritoire.accounts.services.recovery import (
    place_allowed,
    question_shown,
    reset_check,
    reset_finish,
    reset_request,
)
from ecritoire.accounts.services.sign_in import login_resolve
from ecritoire.common.requests import client_address

LOGIN, VERIFIED = "forgotten_login", "forgotten_account"
TRIES = "forgotten_tries"
VERIFIED_SECONDS = 15 * 60


def verified_account(request: HttpRequest) -> Account | None:
    """Who has shown the code and the answer in this browser, a short while ago."""
    pk, at = request.session.get(VERIFIED) or (0, 0.0)
    if time.time() - at > VERIFIED_SECONDS:
        return None
    return Account.objects.select_related("person").filter(pk=pk, state__in=OPEN).first()


@never_cache
def start(request: HttpRequest) -> HttpResponse:
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        login = login_resolve(form.cleaned_data["login"])
        request.session[LOGIN] = login
        request.session.pop(VERIFIED, None)
        if reset_request(login=login, address=client_address(request)):
            return redirect("accounts:forgotten-check")
        form.add_error(None, _("Trop de demandes depuis cet endroit. Reprenez dans une heure, ou demandez de l'aide."))
    return render(request, "accounts/forgotten/start.html", {"form": form})


@never_cache
def check(request: HttpRequest) -> HttpResponse:
    login = request.session.get(LOGIN)
    if login is None:
        return redirect("accounts:forgotten")
    form = ResetForm(request.POST or None, question=question_shown(login))
    if request.method == "POST" and not place_allowed(address=client_address(request), what="checks"):
        form.add_error(None, _("Trop d'essais depuis cet endroit. Reprenez dans une heure, ou demandez de l'aide."))
    elif request.method == "POST" and form.is_valid():
        account = reset_check(login=login, code=form.cleaned_data["code"], answer=form.cleaned_data["answer"])
        request.session[TRIES] = request.session.get(TRIES, 0) + 1
        if account is not None:
            request.session.cycle_key()
            request.session[VERIFIED] = (account.pk, time.time())
            return redirect("accounts:forgotten-password")
        form.add_error(
            None, _("Le code ou la réponse ne correspondent pas. Un code ne sert qu'une fois : demandez-en un autre.")
        )
    return render(request, "accounts/forgotten/check.html", {"form": form})


@never_cache
def help_page(request: HttpRequest) -> HttpResponse:
    """A ticket without signing in, with what is known here of the trouble; the same for a name nobody has."""
    address = client_address(request)
    known = request.session.get(LOGIN) or request.GET.get("login", "")
    form = HelpForm(request.POST or None, initial={"login": known})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        asked = forgotten_help(
            login=login_resolve(data["login"]),
            contact=data["contact"],
            text=data["text"],
            address=address,
            codes_tried=request.session.get(TRIES, 0),
        )
        if asked:
            return render(request, "accounts/forgotten/asked.html", {"contact": data["contact"]})
        form.add_error(None, _("Cette demande a déjà été transmise plusieurs fois aujourd'hui : appelez l'assistance."))
    failures = failures_today(login=login_resolve(known), address=address) if known else 0
    return render(request, "accounts/forgotten/help.html", {"form": form, "failures": failures, "address": address})


@never_cache
@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    account = verified_account(request)
    if account is None:
        return redirect("accounts:forgotten")
    form = NewPasswordForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        reset_finish(account=account, password=form.cleaned_data["new_password"])
        request.session.flush()
        messages.success(request, _("Mot de passe changé : connectez-vous avec le nouveau."))
        return redirect("accounts:sign-in")
    return render(request, "accounts/forgotten/password.html", {"form": form})
