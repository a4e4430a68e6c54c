"""Sign-out asked by a service (OpenID Connect RP-Initiated Logout 1.0)."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from jwcrypto import jwt
from jwcrypto.common import JWException

from ecritoire.portal.models import OidcClient, ServiceSession
from ecritoire.portal.sso.gate import fault_page
from ecritoire.portal.sso.http import redirect_to
from ecritoire.portal.sso.middleware import origin_allow, origin_of
from ecritoire.portal.sso.sessions import BOND

from .logout import signing_key


@csrf_exempt
@never_cache
def end_session(request: HttpRequest) -> HttpResponse:
    """Straight away when the service proves with its ID token that it is part of this session; else after a question."""
    if request.method == "POST" and "confirm" not in request.POST:
        return redirect(f"{request.path}?{urlencode(list(request.POST.items()))}")
    hint = _hint(request.GET.get("id_token_hint", ""))
    client_id = request.GET.get("client_id") or hint.get("aud", "")
    client = (
        OidcClient.objects.select_related("application", "service").filter(application__client_id=client_id).first()
    )
    address = request.GET.get("post_logout_redirect_uri", "")
    if hint and hint.get("aud") != client_id:
        return fault_page(request, _("Cette demande de déconnexion vient d'un autre service."))
    if address and (client is None or address not in client.application.post_logout_redirect_uris.split()):
        return fault_page(request, _("L'adresse de retour demandée n'est pas enregistrée pour ce service."))
    if request.user.is_authenticated and not _part_of_this_session(request, hint):
        return _ask(request, client, address)
    return _end(request, address)


@csrf_protect
def _ask(request: HttpRequest, client: OidcClient | None, address: str) -> HttpResponse:
    if request.method == "POST":
        return _end(request, address)
    response = render(request, "portal/sso/sign_out.html", {"service": client.service if client else None})
    return origin_allow(response, origin_of(address) if address else "")


def _hint(token: str) -> dict[str, str]:
    """The claims of an ID token of ours, even when it has expired; empty when it is not one."""
    if not token:
        return {}
    try:
        return dict(json.loads(jwt.JWT(key=signing_key(), jwt=token, check_claims={}).claims))
    except (JWException, ValueError):
        return {}


def _part_of_this_session(request: HttpRequest, hint: dict[str, str]) -> bool:
    bond, sid = request.session.get(BOND), hint.get("sid")
    return bool(bond and sid) and ServiceSession.objects.filter(bond=bond, handle=sid).exists()


def _end(request: HttpRequest, address: str) -> HttpResponse:
    logout(request)
    if not address:
        return redirect("accounts:sign-in")
    state = request.GET.get("state", "")
    query = ("&" if "?" in address else "?") + urlencode({"state": state}) if state else ""
    return redirect_to(address + query)
