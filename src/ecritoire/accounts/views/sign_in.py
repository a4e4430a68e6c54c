"""The way in and the way out."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from ecritoire.accounts.forms import SignInForm
from ecritoire.accounts.models import SignInEvent
from ecritoire.accounts.services.sign_in import Attempt, sign_in

Result = SignInEvent.Result
REAUTHENTICATION = "reauth="  # in the address to go on to: a service wants the password given again


@never_cache
@sensitive_post_parameters("password")
def sign_in_page(request: HttpRequest) -> HttpResponse:
    following = following_page(request)
    if request.user.is_authenticated and REAUTHENTICATION not in following:
        return redirect(following)
    form = SignInForm(request.POST or None)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        attempt = sign_in(
            request=request,
            login=data["login"],
            password=data["password"],
            public_computer=data["public_computer"],
            following=following,
        )
        if attempt.pending:
            return redirect("accounts:second-factor")
        if attempt.result == Result.SUCCESS:
            return redirect(following)
        form.add_error(None, refusal(attempt))
        status = HTTPStatus.TOO_MANY_REQUESTS if attempt.until else HTTPStatus.OK
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "accounts/sign_in.html", context, status=status)


def refusal(attempt: Attempt) -> str:
    """What to tell the person: the same for a wrong password and an unknown name."""
    if attempt.until:
        return locked(attempt.result, attempt.until)
    if attempt.result == Result.EXPIRED:
        return _(
            "Votre mot de passe temporaire a expiré. Demandez une nouvelle lettre à l'assistance ou à votre référent numérique."
        )
    if attempt.result == Result.INACTIVE:
        return _("Ce compte est fermé. Adressez-vous à l'assistance.")
    return _("Identifiant ou mot de passe incorrect.")


def locked(result: SignInEvent.Result, until: dt.datetime) -> str:
    """Why, until when and what else one may do; by the name typed, so that it tells nothing of who exists."""
    local = timezone.localtime(until)
    today = local.date() == timezone.localdate()
    when = {"time": time_format(local, "H:i") if today else date_format(local, "j F H:i")}
    if result == Result.SUSPECTED:
        return _(
            "Des essais suspects visent cet identifiant ou viennent de ce réseau : réessayez à %(time)s. "
            "Là où vous vous connectez d'habitude, rien ne vous en empêche."
        ) % {"time": timezone.localtime(until).strftime("%H:%M:%S")}
    return (
        _(
            "Trop d'essais depuis cet endroit : plusieurs mots de passe ou codes incorrects à la suite. "
            "Vous pourrez recommencer à %(time)s, ou choisir « Mot de passe oublié »."
        )
        % when
    )


def following_page(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=True):
        return target
    return str(resolve_url(settings.LOGIN_REDIRECT_URL))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    public = request.session.get("public", False)
    logout(request)
    response = redirect("accounts:sign-in")
    if public:
        response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
