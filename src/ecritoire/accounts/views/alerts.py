"""Alerts about unusual sign-ins: the link in the message, one's own list, the answer and its proof."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from ecritoire.accounts import suspicion
from ecritoire.accounts.forms import AlertFilterForm, CodeForm, ProveByPasswordForm
from ecritoire.accounts.models import AlertLink, SignInAlert
from ecritoire.accounts.selectors.alerts import alert_list, alert_list_all, sprays_recent, trusted_address
from ecritoire.accounts.services.alerts import alert_mine, link_find, link_use
from ecritoire.accounts.services.intrusion import (
    intrusion_code_check,
    intrusion_code_send,
    intrusion_open,
    password_prove,
)
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest, client_address
from ecritoire.common.roles import Action

PAGE = 20
GESTURE = "portal:intrusion-password"


@never_cache
@login_required
def index(request: AccountRequest) -> HttpResponse:
    page = Paginator(alert_list(account=request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/alerts/list.html", {"page": page})


@never_cache
@login_required
def detail(request: AccountRequest, pk: int) -> HttpResponse:
    """One alert of one's own. A session older than the sign-in proves enough to say « c'était moi »."""
    alert = get_object_or_404(alert_list(account=request.user).select_related("account__person"), pk=pk)
    if request.method == "POST":
        return _answer(request, alert, trusted=suspicion.session_is_older(request, request.user, alert))
    return render(request, "accounts/alerts/detail.html", {"alert": alert})


@never_cache
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the message's link. A GET never acts: mail filters open links too."""
    link = link_find(token)
    if link is None:
        return render(request, "accounts/alerts/link_over.html", status=410)
    if request.method == "POST":
        return _answer(request, link.alert, trusted=link.channel == AlertLink.Channel.ALTERNATE, link=link)
    return render(request, "accounts/alerts/detail.html", {"alert": link.alert, "by_link": True})


def _answer(request: HttpRequest, alert: SignInAlert, *, trusted: bool, link: AlertLink | None = None) -> HttpResponse:
    """« C'était moi » from the alternate address acts at once; a stranger could read the mailbox's copy."""
    mine = request.POST.get("answer") == "mine"
    if mine and alert.state != SignInAlert.State.OPEN:
        return render(request, "accounts/alerts/detail.html", {"alert": alert, "by_link": link is not None})
    if mine and trusted and (link is None or link_use(link)):
        alert_mine(alert=alert, acting_user=alert.account)
        return _thanks(request)
    account, known = alert.account, link.pk if link else 0
    suspicion.ask(request, account=account, since=alert.first_at, alert=alert, mine=mine, link=known)
    return redirect("accounts:alert-prove")


def _thanks(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        messages.success(request, _("Merci : cette connexion vous est désormais connue."))
        return redirect("accounts:alerts")
    return render(request, "accounts/alerts/thanks.html")


@never_cache
@sensitive_post_parameters()
def prove(request: HttpRequest) -> HttpResponse:
    """Who answers? The password, or a code to the alternate address; for « c'était moi » the code alone."""
    asked = suspicion.asked(request)
    if asked is None:
        return render(request, "accounts/alerts/link_over.html", status=410)
    kind = request.POST.get("kind", "")
    password_form = ProveByPasswordForm(request.POST if kind == "password" else None)
    code_form = CodeForm(request.POST if kind == "code" else None)
    if kind == "send":
        _send_code(request, asked)
        return redirect("accounts:alert-prove")
    if kind == "password" and not asked.mine and password_form.is_valid():
        if _password_is_right(request, asked, password_form):
            return _go_on(request, asked)
        password_form.add_error("password", _("Ce n'est pas votre mot de passe, ou il y a eu trop d'essais."))
    if kind == "code" and code_form.is_valid():
        if intrusion_code_check(account=asked.account, code=code_form.cleaned_data["code"]):
            return _go_on(request, asked)
        code_form.add_error("code", _("Ce code n'est pas le bon, ou n'est plus valable."))
    address = trusted_address(account=asked.account, since=asked.since)
    context = {"asked": asked, "password_form": password_form, "code_form": code_form, "address": _veiled(address)}
    return render(request, "accounts/alerts/prove.html", context)


def _send_code(request: HttpRequest, asked: suspicion.Asked) -> None:
    if intrusion_code_send(account=asked.account, since=asked.since):
        messages.success(request, _("Un code est parti vers votre adresse de secours : saisissez-le ci-dessous."))
    else:
        messages.error(request, _("Six codes ont déjà été envoyés aujourd'hui. Reprenez demain."))


def _password_is_right(request: HttpRequest, asked: suspicion.Asked, form: ProveByPasswordForm) -> bool:
    return password_prove(
        account=asked.account,
        password=form.cleaned_data["password"],
        address=client_address(request),
        user_agent=request.headers.get("User-Agent", ""),
    )


def _go_on(request: HttpRequest, asked: suspicion.Asked) -> HttpResponse:
    """The proof is good: the link is used up, and the answer takes effect."""
    if asked.link:
        link = AlertLink.objects.filter(pk=asked.link).first()
        if link is None or not link_use(link):
            return render(request, "accounts/alerts/link_over.html", status=410)
    if asked.mine and asked.alert:
        suspicion.prove(request, None)
        alert_mine(alert=asked.alert, acting_user=asked.account)
        return _thanks(request)
    intrusion = intrusion_open(account=asked.account, since=asked.since, alert=asked.alert)
    suspicion.prove(request, intrusion)
    return redirect(GESTURE)


def _veiled(address: str) -> str:
    """« a•••@ailleurs.test »: enough for its owner to know which."""
    name, _at, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}" if domain else ""


@action_required(Action.AUDIT_VIEW)
def everyone(request: AccountRequest) -> HttpResponse:
    """The alerts of one's own académie, and the sprays that aimed at it of the last month."""
    form = AlertFilterForm.of(request.GET)
    rows = alert_list_all(
        organisation=request.user.organisation_id, kind=form.chosen("kind"), state=form.chosen("state")
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    sprays = sprays_recent(domain=request.organisation.mail_domain)
    return render(request, "accounts/alerts/everyone.html", {"page": page, "form": form, "sprays": sprays})
