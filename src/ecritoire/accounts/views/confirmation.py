"""« Est-ce bien vous ? » Before changing what protects an account: the password, or a passkey, once more."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from ecritoire.accounts.forms import ReauthenticateForm
from ecritoire.accounts.models import SignInEvent
from ecritoire.accounts.services.limits import locked_until
from ecritoire.accounts.services.passkeys import assertion_begin
from ecritoire.accounts.services.second_factor import MUST_ENROL, attempt_record, passkey_try
from ecritoire.common.requests import AccountRequest, client_address

from .passkeys import ceremony_begin, ceremony_end

CONFIRMED = "confirmed_at"
CONFIRMED_SECONDS = 10 * 60
View = Callable[..., HttpResponseBase]


def confirmed(view: View) -> Callable[..., HttpResponseBase]:
    """Asks for a proof again unless one was given in the last ten minutes; a first enrolment right after a sign-in that
    demands one needs none."""

    @never_cache
    @login_required
    @sensitive_post_parameters()
    @wraps(view)
    def guarded(request: AccountRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        fresh = time.time() - request.session.get(CONFIRMED, 0) < CONFIRMED_SECONDS
        if fresh or request.session.get(MUST_ENROL):
            return view(request, *args, **kwargs)
        following = request.get_full_path() if request.method == "GET" else reverse("accounts:factors")
        return redirect(f"{reverse('accounts:factor-confirm')}?{urlencode({'next': following})}")

    return guarded


@never_cache
@login_required
@sensitive_post_parameters()
def confirm(request: AccountRequest) -> HttpResponse:
    """« It is really you »: the password, or a passkey."""
    account, following = request.user, _following(request)
    password = request.method == "POST" and "answer" not in request.POST
    if request.method == "POST" and not password and _passkey_shown(request):
        return _remember(request, following)
    until = locked_until(login=account.login, address=client_address(request))
    form = ReauthenticateForm(request.POST if password and not until else None, account=account)
    if until:
        messages.error(request, _("Trop d'essais : reprenez plus tard."))
    elif password and form.is_valid():
        return _remember(request, following)
    elif password:
        attempt_record(request, account, SignInEvent.Result.WRONG_PASSWORD)
    context = {"form": form, "next": following, "has_passkey": account.passkeys.exists()}
    return render(request, "accounts/factors/confirm.html", context)


@login_required
@require_POST
def confirm_options(request: AccountRequest) -> HttpResponse:
    return ceremony_begin(request, "confirm", *assertion_begin(account=request.user))


def _passkey_shown(request: AccountRequest) -> bool:
    state = ceremony_end(request, "confirm")
    answer = request.POST.get("answer", "")
    if state and passkey_try(request=request, account=request.user, state=state, answer=answer):
        return True
    messages.error(request, _("Cette clé n'a pas été reconnue."))
    return False


def _remember(request: AccountRequest, following: str) -> HttpResponse:
    request.session[CONFIRMED] = time.time()
    return redirect(following)


def _following(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=True)
    return target if safe else reverse("accounts:factors")
