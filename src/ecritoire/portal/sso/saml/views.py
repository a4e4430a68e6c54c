"""The SAML endpoints. A request is checked first, then travels through our pages sealed, then is answered by a form."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from saml2.samlp import STATUS_NO_PASSIVE, STATUS_REQUEST_DENIED

from ecritoire.portal.models import SamlProvider
from ecritoire.portal.sso.gate import Declined, Entry, NeedsPerson, fault_page, gate, was_fresh
from ecritoire.portal.sso.middleware import origin_allow, origin_of

from .answers import assertion, refusal
from .provider import own_metadata
from .requests import Demand, Refused, demand_read
from .sign_out import LogoutAnswer, logout_answer


def metadata(request: HttpRequest) -> HttpResponse:
    return HttpResponse(own_metadata(), content_type="application/samlmetadata+xml")


@csrf_exempt
@never_cache
def sso(request: HttpRequest) -> HttpResponse:
    try:
        demand = demand_read(request)
    except Refused:
        return fault_page(request, _("Cette demande SAML n'est pas celle d'un service enregistré, ou a été modifiée."))
    return redirect(f"{reverse('sso:saml-continue')}?{urlencode({'demand': demand.seal()})}")


@never_cache
def go_on(request: Any) -> HttpResponse:
    try:
        demand = Demand.unseal(request.GET.get("demand", ""))
    except signing.BadSignature:
        return fault_page(request, _("Cette demande a expiré : retournez au service et recommencez."))
    rows = SamlProvider.objects.select_related("service").filter(service__enabled=True, service__protocol="saml")
    provider = get_object_or_404(rows, pk=demand.provider_id)
    service = provider.service
    entry = Entry(
        service=service,
        address=demand.consumer,
        claims=list(service.claims),
        passive=demand.passive,
        fresh=demand.fresh,
    )
    try:
        first = gate(request, entry)
        if first is not None:
            return first
        fresh = was_fresh(request)
        answer = assertion(request=request, provider=provider, demand=demand, fresh=fresh)
    except NeedsPerson as error:
        answer = refusal(provider=provider, demand=demand, status=STATUS_NO_PASSIVE, reason=str(error))
    except Declined:
        answer = refusal(provider=provider, demand=demand, status=STATUS_REQUEST_DENIED, reason="declined")
    return _form(request, demand.consumer, answer, demand.relay_state, service.name)


@csrf_exempt
@never_cache
def slo(request: HttpRequest) -> HttpResponse:
    """A service signs somebody out; its request is signed, so no cookie is needed."""
    try:
        answer: LogoutAnswer = logout_answer(request)
    except Refused:
        return fault_page(request, _("Cette demande de déconnexion n'est pas signée par un service enregistré."))
    if answer.location:
        return redirect(answer.location)
    if answer.form_action:
        return _form(request, answer.form_action, answer.message, answer.relay_state, answer.service_name)
    return render(request, "portal/sso/signed_out.html")


def _form(request: HttpRequest, action: str, message: str, relay_state: str, name: str) -> HttpResponse:
    """A form that sends itself, or is sent by a button where scripts are off."""
    context = {"action": action, "message": message, "relay_state": relay_state, "name": name}
    return origin_allow(render(request, "portal/sso/saml_form.html", context), origin_of(action))
