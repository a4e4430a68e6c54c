"""Webhooks in the console: addresses, secrets shown once, what was sent and how it went."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.support.models import Webhook, WebhookDelivery
from ecritoire.support.webhook_forms import WebhookForm
from ecritoire.support.webhooks import services

PAGE = 50
manager = action_required(Action.API_MANAGE)


@manager
def index(request: AccountRequest) -> HttpResponse:
    return render(request, "support/webhooks/index.html", {"webhooks": _own(request)})


@never_cache
@manager
def create(request: AccountRequest) -> HttpResponse:
    organisation = request.user.person.organisation
    form = WebhookForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        row, secret = services.webhook_create(organisation=organisation, wanted=form.wanted, acting_user=request.user)
        return _page(request, row, secret)
    return render(request, "support/webhooks/form.html", {"form": form})


@never_cache
@manager
def detail(request: AccountRequest, pk: int) -> HttpResponse:
    return _page(request, _webhook(request, pk))


@manager
def edit(request: AccountRequest, pk: int) -> HttpResponse:
    row = _webhook(request, pk)
    form = WebhookForm(request.POST or None, organisation=row.organisation, webhook=row)
    if request.method == "POST" and form.is_valid():
        services.webhook_update(webhook=row, wanted=form.wanted, acting_user=request.user)
        messages.success(request, _("« %(name)s » est à jour.") % {"name": row.name})
        return redirect("support:webhook", row.pk)
    return render(request, "support/webhooks/form.html", {"form": form, "webhook": row})


@never_cache
@manager
def rotate(request: AccountRequest, pk: int) -> HttpResponse:
    row = _webhook(request, pk)
    if request.method == "POST":
        return _page(request, row, services.webhook_rotate(webhook=row, acting_user=request.user))
    text = _("Les deux secrets signent pendant un jour : donnez le nouveau au logiciel d'ici là.")
    return _confirm(request, row, _("Remplacer le secret"), text)


@manager
def remove(request: AccountRequest, pk: int) -> HttpResponse:
    row = _webhook(request, pk)
    if request.method == "POST":
        services.webhook_remove(webhook=row, acting_user=request.user)
        messages.success(request, _("« %(name)s » n'est plus averti de rien.") % {"name": row.name})
        return redirect("support:webhooks")
    return _confirm(request, row, _("Supprimer"), _("Ce qui attend d'être envoyé ne le sera pas."))


@manager
@require_POST
def switch(request: AccountRequest, pk: int) -> HttpResponse:
    row = _webhook(request, pk)
    services.webhook_switch(webhook=row, is_active=request.POST.get("active") == "yes", acting_user=request.user)
    return redirect("support:webhook", row.pk)


@manager
@require_POST
def ping(request: AccountRequest, pk: int) -> HttpResponse:
    row = _webhook(request, pk)
    if not row.is_active:
        messages.error(request, _("Activez-le d'abord."))
    else:
        services.webhook_ping(webhook=row, acting_user=request.user)
        messages.success(request, _("Essai envoyé : son résultat paraît ci-dessous dans un instant."))
    return redirect("support:webhook", row.pk)


@manager
def delivery(request: AccountRequest, pk: int) -> HttpResponse:
    row = _delivery(request, pk)
    return render(request, "support/webhooks/delivery.html", {"delivery": row, "webhook": row.webhook})


@manager
@require_POST
def replay(request: AccountRequest, pk: int) -> HttpResponse:
    row = _delivery(request, pk)
    if not row.webhook.is_active:
        messages.error(request, _("Activez-le d'abord."))
    else:
        services.delivery_replay(delivery=row, acting_user=request.user)
        messages.success(request, _("Envoyé de nouveau : son résultat paraît ci-dessous dans un instant."))
    return redirect("support:webhook", row.webhook_id)


def _own(request: AccountRequest) -> QuerySet[Webhook]:
    return Webhook.objects.filter(organisation=request.user.person.organisation_id)


def _webhook(request: AccountRequest, pk: int) -> Webhook:
    return get_object_or_404(_own(request).select_related("organisation"), pk=pk)


def _delivery(request: AccountRequest, pk: int) -> WebhookDelivery:
    rows = WebhookDelivery.objects.filter(webhook__organisation=request.user.person.organisation_id)
    return get_object_or_404(rows.select_related("webhook__organisation", "ticket"), pk=pk)


def _confirm(request: AccountRequest, row: Webhook, action: str, text: str) -> HttpResponse:
    context = {"title": f"{action} : {row.name}", "text": text, "action": action, "danger": True}
    return render(request, "common/confirm.html", {**context, "back": reverse("support:webhook", args=[row.pk])})


def _page(request: AccountRequest, row: Webhook, secret: str = "") -> HttpResponse:
    """A secret is in this answer alone: a redirect would have to keep it somewhere."""
    sent = Paginator(row.deliveries.defer("body"), PAGE).get_page(request.GET.get("page"))
    return render(request, "support/webhooks/detail.html", {"webhook": row, "secret": secret, "page": sent})
