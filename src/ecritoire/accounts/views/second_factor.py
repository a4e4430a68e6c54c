"""Between the password and the session; and the passkey, which needs no password."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from ecritoire.accounts.factors import factors_of, rule_for
from ecritoire.accounts.forms.factor import RecoveryCodeForm, SecondFactorForm
from ecritoire.accounts.services.factors import factors_clear
from ecritoire.accounts.services.passkeys import assertion_begin, relying_host
from ecritoire.accounts.services.second_factor import (
    CodeAttempt,
    Stage,
    code_try,
    passkey_try,
    session_open,
    stage_of,
)
from ecritoire.accounts.services.totp import CodeCheck
from ecritoire.accounts.services.trusted_devices import device_trust

from .passkeys import ceremony_begin, ceremony_end
from .sign_in import following_page

StageView = Callable[[HttpRequest, Stage], HttpResponse]


def staged(view: StageView) -> Callable[[HttpRequest], HttpResponse]:
    """Only for somebody who has just shown a right password."""

    @never_cache
    @sensitive_post_parameters()
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect("portal:home")
        stage = stage_of(request)
        if stage is None:
            messages.warning(request, _("Le temps de la vérification est passé : reprenez avec votre mot de passe."))
            return redirect("accounts:sign-in")
        return view(request, stage)

    return guarded


@staged
def page(request: HttpRequest, stage: Stage) -> HttpResponse:
    """The application's code or a passkey, whichever the person has; somebody with neither shows a recovery code."""
    factors = factors_of(stage.account)
    if not factors.any:
        return redirect("accounts:second-factor-recovery")
    days = 0 if stage.public_computer else rule_for(stage.account).trusted_days
    form = SecondFactorForm(request.POST or None, trusted_days=days)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        attempt = code_try(request=request, stage=stage, code=form.cleaned_data["code"], recovery=False)
        if attempt.check == CodeCheck.RIGHT:
            trusted = days if form.cleaned_data.get("trust") else 0
            return _let_in(request, stage, methods=["pwd", "otp", "mfa"], trusted_days=trusted)
        form.add_error("code", refusal(attempt))
        status = _status(attempt)
    context = {"form": form, "factors": factors, "stage": stage, "trusted_days": days}
    return render(request, "accounts/second_factor/page.html", context, status=status)


@staged
def recovery(request: HttpRequest, stage: Stage) -> HttpResponse:
    factors = factors_of(stage.account)
    form = RecoveryCodeForm(request.POST or None, entry=not factors.any)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        attempt = code_try(request=request, stage=stage, code=form.cleaned_data["code"], recovery=True)
        if attempt.check == CodeCheck.RIGHT:
            return _let_in(request, stage, methods=["pwd", "otp", "mfa"], forced=attempt.forced, recovered=True)
        form.add_error("code", refusal(attempt))
        status = _status(attempt)
    context = {"form": form, "factors": factors}
    return render(request, "accounts/second_factor/recovery.html", context, status=status)


@require_POST
@staged
def passkey_options(request: HttpRequest, stage: Stage) -> HttpResponse:
    return ceremony_begin(request, "second", *assertion_begin(account=stage.account, host=relying_host(request)))


@require_POST
@staged
def passkey(request: HttpRequest, stage: Stage) -> HttpResponse:
    state = ceremony_end(request, "second")
    answer = request.POST.get("answer", "")
    owner = passkey_try(request=request, account=stage.account, state=state, answer=answer) if state else None
    if owner is None:
        messages.error(request, _("Cette clé n'a pas été reconnue. Réessayez, ou choisissez un autre moyen."))
        return redirect("accounts:second-factor")
    days = 0 if stage.public_computer else rule_for(stage.account).trusted_days
    trusted = days if request.POST.get("trust") == "on" else 0
    return _let_in(request, stage, methods=["pwd", "hwk", "user", "mfa"], trusted_days=trusted)


@never_cache
@require_POST
def first_options(request: HttpRequest) -> HttpResponse:
    """For whoever holds a key of ours: no name is asked or told."""
    return ceremony_begin(request, "first", *assertion_begin(account=None, host=relying_host(request)))


@never_cache
@require_POST
def first(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey alone: the device has verified the person."""
    state = ceremony_end(request, "first")
    answer = request.POST.get("answer", "")
    owner = passkey_try(request=request, account=None, state=state, answer=answer) if state else None
    if owner is None:
        messages.error(request, _("Cette clé n'a pas été reconnue. Réessayez, ou entrez avec votre mot de passe."))
        return redirect("accounts:sign-in")
    public = request.POST.get("public_computer") == "on"
    session_open(request=request, account=owner, public_computer=public, methods=["hwk", "user", "mfa"])
    return redirect(following_page(request))


def refusal(attempt: CodeAttempt) -> str:
    if attempt.until:
        until = date_format(timezone.localtime(attempt.until), "j F, H:i")
        return _("Trop de codes faux. Vous pourrez recommencer le %(time)s.") % {"time": until}
    if attempt.check == CodeCheck.USED:
        return _("Ce code a déjà servi : attendez le suivant, une demi-minute au plus.")
    return _("Ce code n'est pas le bon. Vérifiez l'heure de votre téléphone.")


def _status(attempt: CodeAttempt) -> HTTPStatus:
    return HTTPStatus.TOO_MANY_REQUESTS if attempt.until else HTTPStatus.OK


def _let_in(
    request: HttpRequest,
    stage: Stage,
    *,
    methods: list[str],
    trusted_days: int = 0,
    forced: bool = False,
    recovered: bool = False,
) -> HttpResponse:
    account = stage.account
    if forced:
        factors_clear(account=account)
    session_open(
        request=request, account=account, public_computer=stage.public_computer, methods=methods, forced=forced
    )
    if recovered and not forced:
        _tell_codes_left(request, stage)
    response = redirect(stage.following or resolve_url(settings.LOGIN_REDIRECT_URL))
    if trusted_days:
        device_trust(request=request, response=response, account=account, days=trusted_days)
    return response


def _tell_codes_left(request: HttpRequest, stage: Stage) -> None:
    left = factors_of(stage.account).codes
    text = ngettext(
        "Il vous reste %(count)s code de secours. Téléphone perdu ? Retirez-le dans « Double authentification ».",
        "Il vous reste %(count)s codes de secours. Téléphone perdu ? Retirez-le dans « Double authentification ».",
        left,
    )
    messages.warning(request, text % {"count": left})
