"""Pages common to every protocol: agreeing, and seeing which services hold access."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ecritoire.common.requests import AccountRequest
from ecritoire.portal.selectors import services_of

from .claims import CATALOGUE
from .gate import consent_decide
from .selectors import connected_services
from .sessions import service_access_withdraw


@never_cache
@login_required
def consent(request: AccountRequest, pk: int) -> HttpResponse:
    service = get_object_or_404(services_of(request.user.organisation_id), pk=pk, enabled=True)
    following = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(following, allowed_hosts=None) or not following.startswith("/sso/"):
        return redirect("portal:home")
    names = [name for name in request.GET.get("claims", "").split() if name in CATALOGUE and name in service.claims]
    if request.method == "POST":
        consent_decide(request=request, service=service, claims=names, agreed="agree" in request.POST)
        return redirect(following)
    claims = [CATALOGUE[name] for name in names]
    return render(request, "portal/sso/consent.html", {"service": service, "claims": claims})


@login_required
def connected(request: AccountRequest) -> HttpResponse:
    return render(request, "portal/sso/connected.html", {"rows": connected_services(account=request.user)})


@login_required
@require_POST
def withdraw(request: AccountRequest, pk: int) -> HttpResponse:
    service = get_object_or_404(services_of(request.user.organisation_id), pk=pk)
    service_access_withdraw(account=request.user, service=service)
    messages.success(request, _("« %(name)s » n'a plus accès à vos informations.") % {"name": service.name})
    return redirect("sso:connected")
