"""« Je n'ai plus mon téléphone »: three ways out, none of which ends in the locked mailbox."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.accounts.factors import factors_of
from ecritoire.accounts.forms import ResetForm
from ecritoire.accounts.forms.factor import AppointmentForm
from ecritoire.accounts.models import SignInEvent
from ecritoire.accounts.selectors import local_contacts_of
from ecritoire.accounts.services.lost_factor import address_way_closed, lost_check, lost_code_request
from ecritoire.accounts.services.recovery import question_shown
from ecritoire.accounts.services.second_factor import Stage, attempt_record, codes_locked_until, session_open
from ecritoire.accounts.services.vouching import OPEN, vouching_ask
from ecritoire.common.requests import client_address

from .second_factor import staged


@staged
def ways(request: HttpRequest, stage: Stage) -> HttpResponse:
    account = stage.account
    context = {
        "factors": factors_of(account),
        "closed": address_way_closed(account),
        "contacts": local_contacts_of(account.person),
        "asked": account.vouchings.filter(state__in=OPEN).first(),
        "form": AppointmentForm(),
    }
    return render(request, "accounts/second_factor/lost.html", context)


@require_POST
@staged
def send_code(request: HttpRequest, stage: Stage) -> HttpResponse:
    if address_way_closed(stage.account):
        return redirect("accounts:second-factor-lost")
    if not lost_code_request(account=stage.account):
        messages.error(request, _("Six codes ont déjà été envoyés aujourd'hui. Reprenez demain."))
        return redirect("accounts:second-factor-lost")
    return redirect("accounts:second-factor-lost-address")


@staged
def address(request: HttpRequest, stage: Stage) -> HttpResponse:
    """The code of the alternate address *and* a secret answer."""
    account = stage.account
    if address_way_closed(account):
        return redirect("accounts:second-factor-lost")
    form = ResetForm(request.POST or None, question=question_shown(account.login))
    if request.method == "POST" and form.is_valid():
        if codes_locked_until(account=account, address=client_address(request)):
            attempt_record(request, account, SignInEvent.Result.LOCKED)
            form.add_error(None, _("Trop d'essais : reprenez plus tard."))
        elif lost_check(account=account, code=form.cleaned_data["code"], answer=form.cleaned_data["answer"]):
            methods = ["pwd", "kba"]
            session_open(
                request=request, account=account, public_computer=stage.public_computer, methods=methods, forced=True
            )
            messages.success(
                request, _("Vous êtes entré. Vos anciens moyens sont retirés : enregistrez-en un nouveau.")
            )
            return redirect("portal:home")
        else:
            attempt_record(request, account, SignInEvent.Result.WRONG_CODE)
            form.add_error(
                None,
                _("Le code ou la réponse ne correspondent pas. Un code ne sert qu'une fois : demandez-en un autre."),
            )
    return render(request, "accounts/second_factor/lost_address.html", {"form": form})


@require_POST
@staged
def appointment(request: HttpRequest, stage: Stage) -> HttpResponse:
    form = AppointmentForm(request.POST)
    if form.is_valid():
        vouching_ask(account=stage.account, contact=form.cleaned_data["contact"])
        messages.success(request, _("Demande transmise : présentez-vous avec une pièce d'identité."))
    else:
        messages.error(request, _("Dites où vous joindre : un téléphone ou une adresse."))
    return redirect("accounts:second-factor-lost")
