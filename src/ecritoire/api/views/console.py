"""Clients in the console: list, creation, the token once, rotation, withdrawal."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ecritoire.accounts.models import ApiClient
from ecritoire.accounts.services.api_clients import (
    api_client_create,
    api_client_revoke,
    api_client_rotate,
    api_client_update,
)
from ecritoire.api.forms import ClientForm
from ecritoire.api.rest.reference import parts, shapes
from ecritoire.api.selectors import clients_of, doubts_of, runs_of
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action

manager = action_required(Action.API_MANAGE)


@manager
def index(request: AccountRequest) -> HttpResponse:
    organisation = request.user.person.organisation
    return render(request, "api/clients.html", {"clients": clients_of(organisation), "openapi": reverse("api:openapi")})


@manager
def documentation(request: AccountRequest) -> HttpResponse:
    """What ``/api/openapi.json`` says, for people."""
    return render(request, "api/documentation.html", {"parts": parts(), "shapes": shapes()})


@never_cache
@manager
def create(request: AccountRequest) -> HttpResponse:
    organisation = request.user.person.organisation
    form = ClientForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        client, token = api_client_create(
            organisation=organisation,
            name=form.cleaned_data["name"],
            scopes=form.scopes,
            networks=form.cleaned_data["networks"],
            acting_user=request.user,
        )
        return _page(request, client.pk, token)
    return render(request, "api/client_form.html", {"form": form})


@never_cache
@manager
def detail(request: AccountRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@manager
def edit(request: AccountRequest, pk: int) -> HttpResponse:
    client = _client(request, pk)
    form = ClientForm(request.POST or None, organisation=client.organisation, client=client)
    if request.method == "POST" and form.is_valid():
        api_client_update(
            client=client,
            scopes=form.scopes,
            networks=form.cleaned_data["networks"],
            acting_user=request.user,
        )
        messages.success(request, _("« %(name)s » est à jour.") % {"name": client.name})
        return redirect("api:client", client.pk)
    return render(request, "api/client_form.html", {"form": form, "client": client})


@never_cache
@manager
def rotate(request: AccountRequest, pk: int) -> HttpResponse:
    client = _client(request, pk)
    if request.method == "POST":
        return _page(request, client.pk, api_client_rotate(client=client, acting_user=request.user))
    text = _("L'ancien jeton cesse de valoir aussitôt : le programme n'entrera plus tant qu'il n'a pas le nouveau.")
    return _confirm(request, client, _("Remplacer le jeton"), text)


@manager
def revoke(request: AccountRequest, pk: int) -> HttpResponse:
    client = _client(request, pk)
    if request.method == "POST":
        api_client_revoke(client=client, acting_user=request.user)
        messages.success(request, _("« %(name)s » n'entre plus.") % {"name": client.name})
        return redirect("api:client", client.pk)
    text = _("Il n'entre plus, aussitôt et pour toujours. Ce qu'il a dit des personnes reste dit.")
    return _confirm(request, client, _("Retirer le client"), text)


def _client(request: AccountRequest, pk: int) -> ApiClient:
    """One of the viewer's own académie, still admitted."""
    clients = clients_of(request.user.person.organisation)
    return get_object_or_404(clients.filter(revoked_at__isnull=True).select_related("organisation"), pk=pk)


def _confirm(request: AccountRequest, client: ApiClient, action: str, text: str) -> HttpResponse:
    context = {"title": f"{action} : {client.name}", "text": text, "action": action, "danger": True}
    return render(request, "common/confirm.html", {**context, "back": reverse("api:client", args=[client.pk])})


def _page(request: AccountRequest, pk: int, token: str = "") -> HttpResponse:
    """A token is in this answer alone: a redirect would have to keep it somewhere."""
    client = get_object_or_404(clients_of(request.user.person.organisation), pk=pk)
    base = settings.CONFIG.base_url
    context = {
        "client": client,
        "token": token,
        "is_scim": client.feeds_by == "scim",
        "addresses": [f"{base}{path}" for path in _paths(client)],
        "runs": runs_of(client) if client.source_id else [],
        "doubts": doubts_of(client) if client.source_id else 0,
    }
    return render(request, "api/client.html", context)


def _paths(client: ApiClient) -> list[str]:
    """Where it calls."""
    known = {
        "scim": "/scim/v2",
        "staff": "/api/v1/staff",
        "tickets": "/api/v1/tickets",
        "incidents": "/api/v1/incidents",
    }
    return [known[scope.partition(":")[0]] for scope in client.scopes]
