"""The button's two addresses: leaving for the provider, and coming back."""

from __future__ import annotations

import hmac
import logging
import secrets

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ecritoire.accounts.services.upstream import sign_in_upstream
from ecritoire.portal.sso.throttle import mistakes_limited

from .client import UpstreamFault, arrival, departure
from .matching import account_find

log = logging.getLogger(__name__)
KEY = "upstream"


@never_cache
def start(request: HttpRequest) -> HttpResponse:
    if not settings.CONFIG.upstream.issuer:
        raise Http404
    try:
        leaving = departure(nonce=secrets.token_urlsafe(24), verifier=secrets.token_urlsafe(48))
    except UpstreamFault as fault:
        return _failed(request, fault)
    request.session[KEY] = {
        "state": leaving.state,
        "nonce": leaving.nonce,
        "verifier": leaving.verifier,
        "next": _own(request, request.GET.get("next", "")),
    }
    return redirect(leaving.url)


@never_cache
@mistakes_limited
def back(request: HttpRequest) -> HttpResponse:
    """Each departure is good for one arrival."""
    left = request.session.pop(KEY, None)
    if not settings.CONFIG.upstream.issuer:
        raise Http404
    if left is None or not hmac.compare_digest(request.GET.get("state", ""), left["state"]):
        return _failed(request, UpstreamFault("state"))
    if request.GET.get("iss", settings.CONFIG.upstream.issuer) != settings.CONFIG.upstream.issuer:
        return _failed(request, UpstreamFault("issuer"))
    try:
        claims = arrival(code=request.GET.get("code", ""), nonce=left["nonce"], verifier=left["verifier"])
    except UpstreamFault as fault:
        return _failed(request, fault)
    account = account_find(claims=claims)
    if account is None:
        text = _("%(name)s vous a reconnu, mais aucun compte actif de l'académie ne correspond. Connectez-vous ici.")
        messages.error(request, text % {"name": settings.CONFIG.upstream.name})
        return redirect("accounts:sign-in")
    provider, following = settings.CONFIG.upstream.name, left["next"]
    is_in = sign_in_upstream(
        request=request, account=account, provider=provider, amr=claims["amr"], following=following
    )
    return redirect(following if is_in else "accounts:second-factor")


def _own(request: HttpRequest, target: str) -> str:
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=True):
        return target
    return str(resolve_url(settings.LOGIN_REDIRECT_URL))


def _failed(request: HttpRequest, fault: UpstreamFault) -> HttpResponse:
    log.warning("upstream sign-in failed: %s", fault)
    text = _("La connexion avec %(name)s n'a pas abouti. Réessayez, ou connectez-vous avec votre mot de passe.")
    messages.error(request, text % {"name": settings.CONFIG.upstream.name})
    response = redirect("accounts:sign-in")
    response.is_mistake = True  # type: ignore[attr-defined]
    return response
