"""Services in the console: list, registration, addresses to hand over, who entered lately."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.portal.models import Service

from .claims import CATALOGUE, Value, claims_release, subject
from .forms import FORMS
from .oidc.views import issuer
from .selectors import services_counted, services_managed, sign_ins_to
from .services import secret_renew, service_create, service_toggle, service_update

PAGE, ENTRIES = 50, 20
manager = action_required(Action.SERVICE_MANAGE, Action.PLATFORM_MANAGE)


@manager
def index(request: AccountRequest) -> HttpResponse:
    page = Paginator(services_counted(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "protocols": Service.Protocol.choices}
    return render(request, "portal/sso/console/index.html", context)


@never_cache
@manager
def create(request: AccountRequest, protocol: str) -> HttpResponse:
    if protocol not in FORMS:
        raise Http404
    form = FORMS[protocol](request.POST or None, request.FILES or None, viewer=request.user)
    kind = Service.Protocol(protocol)
    if request.method == "POST" and form.is_valid():
        service, secret = service_create(protocol=kind, values=form.cleaned_data, acting_user=request.user)
        messages.success(request, _("« %(name)s » est relié.") % {"name": service.name})
        return _shown(request, service, secret)
    return render(request, "portal/sso/console/form.html", {"form": form, "protocol": kind})


@never_cache
@manager
def edit(request: AccountRequest, pk: int) -> HttpResponse:
    service = get_object_or_404(services_managed(request.user), pk=pk)
    form = FORMS[service.protocol](request.POST or None, request.FILES or None, service=service, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        secret = service_update(service=service, values=form.cleaned_data, acting_user=request.user)
        messages.success(request, _("« %(name)s » est à jour.") % {"name": service.name})
        return _shown(request, service, secret)
    context = {"form": form, "service": service, "protocol": Service.Protocol(service.protocol)}
    return render(request, "portal/sso/console/form.html", context)


@never_cache
@manager
def detail(request: AccountRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(services_managed(request.user), pk=pk))


@never_cache
@manager
def secret_rotate(request: AccountRequest, pk: int) -> HttpResponse:
    service = get_object_or_404(services_managed(request.user), pk=pk, protocol=Service.Protocol.OIDC)
    if service.oidc.application.client_type != "confidential":
        raise Http404
    if request.method == "POST":
        return _shown(request, service, secret_renew(service=service, acting_user=request.user))
    text = _("L'ancien secret cesse de valoir aussitôt : le service n'ouvrira plus tant qu'il n'a pas le nouveau.")
    return _confirm(request, service, _("Remplacer le secret"), text)


@manager
def toggle(request: AccountRequest, pk: int) -> HttpResponse:
    """Open a closed service, close an open one; closing asks first."""
    service = get_object_or_404(services_managed(request.user), pk=pk)
    if request.method == "POST":
        service_toggle(service=service, enabled=request.POST.get("enabled") == "yes", acting_user=request.user)
        text = _("« %(name)s » est ouvert.") if service.enabled else _("« %(name)s » est fermé, ses sessions aussi.")
        messages.success(request, text % {"name": service.name})
        return redirect("sso:console-detail", service.pk)
    text = _("Plus personne n'y entrera, et les sessions ouvertes se ferment aussitôt.")
    return _confirm(request, service, _("Fermer le service"), text, enabled="no")


def _confirm(request: AccountRequest, service: Service, action: str, text: str, **fields: str) -> HttpResponse:
    context = {"title": f"{action} : {service.name}", "text": text, "action": action, "danger": True}
    back = reverse("sso:console-detail", args=[service.pk])
    return render(request, "common/confirm.html", {**context, "back": back, "fields": fields.items()})


def _shown(request: AccountRequest, service: Service, secret: str) -> HttpResponse:
    """A secret is in this answer alone: a redirect would have to keep it somewhere."""
    return _page(request, service, secret) if secret else redirect("sso:console-detail", service.pk)


def _page(request: AccountRequest, service: Service, secret: str = "") -> HttpResponse:
    released = claims_release(account=request.user, names=service.claims)
    preview = [(CATALOGUE[name].label, _spelt(value)) for name, value in released.items()]
    context = {
        "service": service,
        "secret": secret,
        "handed": addresses_to_hand_over(service),
        "subject": subject(account=request.user, service=service),
        "preview": preview,
        "claims": [CATALOGUE[name] for name in service.claims if name in CATALOGUE],
        "page": Paginator(sign_ins_to(service, viewer=request.user), ENTRIES).get_page(request.GET.get("page")),
    }
    return render(request, "portal/sso/console/detail.html", context)


def _spelt(value: Value) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def addresses_to_hand_over(service: Service) -> dict[str, str]:
    """What the service's administrator needs from us, by the name their software uses."""

    def at(name: str) -> str:
        return settings.CONFIG.base_url + reverse(f"sso:{name}")

    if service.protocol == Service.Protocol.OIDC:
        return {
            "Issuer": issuer(),
            "Discovery": at("oidc-discovery"),
            "Client ID": service.oidc.application.client_id,
            "Scopes": " ".join(["openid", *service.claims]),
            "PKCE": "S256",
            "ID token": "RS256",
        }
    if service.protocol == Service.Protocol.CAS:
        base = at("cas-login").removesuffix("/login")
        return {
            "CAS server": base,
            "Login": at("cas-login"),
            "Validation (CAS 3.0)": at("cas-validate-3"),
            "Logout": at("cas-logout"),
        }
    if service.protocol == Service.Protocol.SAML:
        return {
            "Metadata": at("saml-metadata"),
            "Entity ID": at("saml-metadata"),
            "SSO": at("saml-sso"),
            "SLO": at("saml-slo"),
        }
    return {}
