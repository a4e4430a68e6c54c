"""The CAS server. Proxy tickets are not issued, and say so: no service acts here in a person's name."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout as end_web_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from ecritoire.portal.models import CasClient
from ecritoire.portal.sso.gate import Declined, Entry, NeedsPerson, fault_page, gate, refused_page, was_fresh
from ecritoire.portal.sso.http import redirect_to
from ecritoire.portal.sso.middleware import origin_allow, origin_of
from ecritoire.portal.sso.throttle import mistakes_limited

from .addresses import client_for
from .answers import failure, success
from .tickets import TICKET, TicketRefused, ticket_issue, ticket_redeem


def _said(request: HttpRequest, name: str) -> bool:
    """CAS flags hold when present, unless they say false."""
    return name in request.GET and request.GET[name].lower() != "false"


@never_cache
def login(request: HttpRequest) -> HttpResponse:
    address = request.GET.get("service", "")
    if not address:
        return redirect("portal:home")
    own = request.user.organisation_id if request.user.is_authenticated else None
    client = client_for(address, organisation=own)
    if client is None:
        return fault_page(request, _("Le service qui vous envoie n'est pas enregistré auprès de l'académie."))
    return _enter(request, client, address)


def _enter(request: Any, client: CasClient, address: str) -> HttpResponse:
    renew = _said(request, "renew")
    entry = Entry(
        service=client.service,
        address=address,
        claims=list(client.service.claims),
        passive=_said(request, "gateway") and not renew,
        fresh=renew,
    )
    try:
        first = gate(request, entry)
    except NeedsPerson:
        return _back(address)
    except Declined:
        return refused_page(request, client.service)
    if first is not None:
        return first
    fresh = was_fresh(request)
    return _back(address, ticket=ticket_issue(request=request, service=client.service, address=address, fresh=fresh))


def _back(address: str, **query: str) -> HttpResponse:
    join = "&" if "?" in address else "?"
    return redirect_to(address + (join + urlencode(query) if query else ""))


@never_cache
@require_GET
@mistakes_limited
def validate(request: HttpRequest, *, with_attributes: bool) -> HttpResponse:
    """Asked by the service, with the ticket the browser brought."""
    ticket, address = request.GET.get("ticket", ""), request.GET.get("service", "")
    if not ticket or not address:
        return failure(request, "INVALID_REQUEST", "service and ticket are both needed")
    if not TICKET.fullmatch(ticket):
        return failure(request, "INVALID_TICKET_SPEC", "not a service ticket")
    try:
        session = ticket_redeem(ticket=ticket, address=address, renew=_said(request, "renew"))
    except TicketRefused as refused:
        return failure(request, refused.code, str(refused))
    return success(request, session, with_attributes=with_attributes)


@never_cache
@require_GET
def proxy(request: HttpRequest) -> HttpResponse:
    return failure(request, "UNAUTHORIZED_SERVICE", "this server issues no proxy tickets", "proxyFailure")


@never_cache
@csrf_exempt
def logout(request: HttpRequest) -> HttpResponse:
    """A plain link, as CAS has it: at worst somebody is signed out. Only registered addresses are gone back to."""
    address = request.GET.get("service") or request.GET.get("url") or ""
    end_web_session(request)
    if address and client_for(address):
        return origin_allow(_back(address), origin_of(address))
    return render(request, "portal/sso/signed_out.html")
