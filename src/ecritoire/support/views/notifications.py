"""Notifications: which of one's browsers are told at once, and of what. Turning it on takes the browser's own consent."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from ecritoire.accounts.models import Account
from ecritoire.accounts.places import device_family
from ecritoire.common.forms import Form
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.support.models import PushSubscription
from ecritoire.support.push.keys import public_key
from ecritoire.support.push.services import Choices, NotASubscription, subscription_change, subscription_save

HANDLING = (Action.TICKET_HANDLE, Action.TICKET_SPECIALIST)


class ChoicesForm(Form):
    """What one browser is told."""

    on_answers = forms.BooleanField(label=gettext_lazy("Les réponses à mes demandes"), required=False)
    on_pressing = forms.BooleanField(label=gettext_lazy("Les demandes pressantes et les alertes"), required=False)
    with_subject = forms.BooleanField(
        label=gettext_lazy("Montrer le numéro et l'objet de la demande"),
        required=False,
        help_text=gettext_lazy("Ils se lisent alors sur l'écran, même verrouillé."),
    )

    def __init__(
        self, *args: Any, account: Account, subscription: PushSubscription | None = None, **kwargs: Any
    ) -> None:
        if subscription is not None:
            kwargs["initial"] = {name: getattr(subscription, name) for name in self.base_fields}
            kwargs["prefix"] = f"s{subscription.pk}"
        super().__init__(*args, **kwargs)
        if not any(account.may(action) for action in HANDLING):
            del self.fields["on_pressing"]

    @property
    def choices(self) -> Choices:
        data = self.cleaned_data
        return Choices(
            on_answers=data["on_answers"],
            on_pressing=data.get("on_pressing", False),
            with_subject=data["with_subject"],
        )


@login_required
def index(request: AccountRequest) -> HttpResponse:
    rows = list(request.user.push_subscriptions.all())
    browsers = [(row, ChoicesForm(account=request.user, subscription=row)) for row in rows]
    fresh = ChoicesForm(account=request.user, initial={"on_answers": True, "on_pressing": True})
    context = {"browsers": browsers, "fresh": fresh, "key": public_key()}
    return render(request, "support/notifications.html", context)


@login_required
@require_POST
def subscribe(request: AccountRequest) -> HttpResponse:
    """What ``PushSubscription.toJSON()`` gives, and the choices beside."""
    try:
        said = json.loads(request.body)
        keys = said["keys"]
        form = ChoicesForm(said.get("choices", {}), account=request.user)
        values = {"endpoint": str(said["endpoint"]), "p256dh": str(keys["p256dh"]), "auth": str(keys["auth"])}
        if not form.is_valid():
            raise NotASubscription("choices")
        device = device_family(request.headers.get("User-Agent", ""))
        row = subscription_save(account=request.user, device=device, choices=form.choices, **values)
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"error": _("Ce n'est pas un abonnement.")}, status=HTTPStatus.BAD_REQUEST)
    except NotASubscription as error:
        words = _("Ce navigateur propose un service de notification que nous n'admettons pas (%(field)s).")
        return JsonResponse({"error": words % {"field": error}}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Ce navigateur vous préviendra."))
    return JsonResponse({"id": row.pk}, status=HTTPStatus.CREATED)


@login_required
@require_POST
def change(request: AccountRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(request.user.push_subscriptions, pk=pk)
    form = ChoicesForm(request.POST, account=request.user, subscription=row)
    if form.is_valid():
        subscription_change(subscription=row, choices=form.choices)
        messages.success(request, _("C'est noté."))
    return redirect("support:notifications")


@login_required
@require_POST
def remove(request: AccountRequest, pk: int) -> HttpResponse:
    get_object_or_404(request.user.push_subscriptions, pk=pk).delete()
    messages.success(request, _("Ce navigateur ne vous préviendra plus."))
    return redirect("support:notifications")


@require_GET
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker keeps one address: a browser looks there for its next version."""
    return render(request, "support/push_worker.js", content_type="text/javascript; charset=utf-8")
