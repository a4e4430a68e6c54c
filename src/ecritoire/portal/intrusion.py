"""« Je soupçonne une intrusion »: one guided gesture over accounts and mail store, minutes and not days.

Say since when -> prove who you are -> new password, every access closed -> rules and forwarding -> recovery means -> what was done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from ecritoire.accounts import suspicion
from ecritoire.accounts.forms import NewPasswordForm, SinceForm
from ecritoire.accounts.models import Intrusion
from ecritoire.accounts.selectors.alerts import recovery_changes
from ecritoire.accounts.services.intrusion import (
    intrusion_close,
    intrusion_rule_removed,
    intrusion_secure,
    recovery_restore,
)
from ecritoire.common.requests import AccountRequest
from ecritoire.mailstore.jmap import JmapError
from ecritoire.mailstore.services_rules import Rule, RuleGone, rule_remove, rules_list

Page = Callable[[HttpRequest, Intrusion], HttpResponse]


@dataclass(frozen=True)
class Step:
    label: str | Promise
    done: bool
    current: bool


LABELS = (
    gettext_lazy("Mot de passe et accès"),
    gettext_lazy("Règles et transferts"),
    gettext_lazy("Moyens de secours"),
    gettext_lazy("C'est fait"),
)


def steps(current: int) -> list[Step]:
    return [Step(label, number < current, number == current) for number, label in enumerate(LABELS)]


def gesture(*, secured: bool, closed: bool = False) -> Callable[[Page], Callable[..., HttpResponse]]:
    """A page of the gesture: only in the browser where its person gave proof, in order, and until it is over.

    ``secured``: after the new password or before it, so that whoever sits down there next does not set another.
    """

    def decorate(page: Page) -> Callable[..., HttpResponse]:
        @never_cache
        @wraps(page)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            intrusion = suspicion.proved(request)
            if intrusion is None or (intrusion.closed_at and not closed):
                return redirect("portal:intrusion")
            if secured != (intrusion.secured_at is not None):
                return redirect("portal:intrusion-password" if secured else "portal:intrusion-rules")
            return page(request, intrusion, *args, **kwargs)

        return guarded

    return decorate


@never_cache
@login_required
def start(request: AccountRequest) -> HttpResponse:
    form = SinceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        suspicion.ask(request, account=request.user, since=timezone.now() - form.cleaned_data["since"])
        return redirect("accounts:alert-prove")
    return render(request, "portal/intrusion/start.html", {"form": form})


@gesture(secured=False)
@sensitive_post_parameters()
def password(request: HttpRequest, intrusion: Intrusion) -> HttpResponse:
    """From here on the stranger is out, whatever they had open."""
    form = NewPasswordForm(request.POST or None, account=intrusion.account)
    if request.method == "POST" and form.is_valid():
        keep = request.session.session_key or "" if request.user.is_authenticated else ""
        intrusion_secure(intrusion=intrusion, password=form.cleaned_data["new_password"], keep_session=keep)
        if request.user.is_authenticated:
            update_session_auth_hash(request, intrusion.account)
        return redirect("portal:intrusion-rules")
    context = {"form": form, "steps": steps(0), "owner": intrusion.account}
    return render(request, "portal/intrusion/password.html", context)


@gesture(secured=True)
def rules(request: HttpRequest, intrusion: Intrusion) -> HttpResponse:
    """What sorts or forwards mail; what came since is first, and each can be removed."""
    if request.method == "POST":
        _remove(request, intrusion)
        return redirect("portal:intrusion-rules")
    context: dict[str, object] = {"steps": steps(1), "intrusion": intrusion}
    try:
        listed = rules_list(account=intrusion.account)
        context |= {"recent": [rule for rule in listed if _is_recent(rule, intrusion)]}
        context |= {"older": [rule for rule in listed if not _is_recent(rule, intrusion)]}
    except JmapError:
        context["away"] = True
    return render(request, "portal/intrusion/rules.html", context)


def _is_recent(rule: Rule, intrusion: Intrusion) -> bool:
    """A script of unknown age counts as recent: better to look once too often."""
    return rule.changed_at is None or rule.changed_at >= intrusion.since


def _remove(request: HttpRequest, intrusion: Intrusion) -> None:
    try:
        rule = rule_remove(account=intrusion.account, pk=request.POST.get("rule", ""))
    except RuleGone:
        messages.warning(request, _("Cette règle n'existait déjà plus."))
    except JmapError:
        messages.error(request, _("La boîte ne répond pas : rien n'a été supprimé. Réessayez dans un instant."))
    else:
        intrusion_rule_removed(intrusion=intrusion, words=rule.words, name=rule.name)
        messages.success(request, _("« %(name)s » est supprimée.") % {"name": rule.name})


@gesture(secured=True)
def recovery(request: HttpRequest, intrusion: Intrusion) -> HttpResponse:
    """What changed in the means of recovery since; each change can be undone."""
    changes = recovery_changes(account=intrusion.account, since=intrusion.since)
    if request.method == "POST":
        recovery_restore(intrusion=intrusion, change=get_object_or_404(changes, pk=request.POST.get("change") or 0))
        messages.success(request, _("C'est rétabli."))
        return redirect("portal:intrusion-recovery")
    address = getattr(intrusion.account, "recovery_address", None)
    context = {"steps": steps(2), "changes": changes, "address": address, "intrusion": intrusion}
    return render(request, "portal/intrusion/recovery.html", context)


@gesture(secured=True, closed=True)
def done(request: HttpRequest, intrusion: Intrusion) -> HttpResponse:
    intrusion_close(intrusion=intrusion)
    return render(request, "portal/intrusion/done.html", {"steps": steps(3), "intrusion": intrusion})
