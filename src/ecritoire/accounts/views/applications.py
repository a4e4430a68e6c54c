"""My mail applications: ask for one, see its secret once, set it up, revoke it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ecritoire.accounts import mobileconfig
from ecritoire.accounts.client_settings import servers
from ecritoire.accounts.forms import ApplicationForm, SecretForm
from ecritoire.accounts.models import AppFamily, ApplicationRequest, AppPassword
from ecritoire.accounts.qr_codes import mobile_import, picture
from ecritoire.accounts.selectors.applications import application_list, last_mistake, request_list
from ecritoire.accounts.services import applications as service
from ecritoire.accounts.services.app_passwords import ACTIVE_LIMIT, TooManyAppPasswords, app_password_revoke
from ecritoire.accounts.services.handover import SECONDS, handover_prepare
from ecritoire.common.requests import AccountRequest

State = ApplicationRequest.State


@never_cache
@login_required
def index(request: AccountRequest) -> HttpResponse:
    form = ApplicationForm(request.POST or None, account=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = service.application_request(
                account=request.user,
                name=data["name"],
                family=data["family"],
                protocols=form.protocols(),
                reason=data["reason"],
            )
        except service.TooManyRequests:
            form.add_error(None, _("Dix de vos demandes sont déjà ouvertes : terminez-en ou abandonnez-en une."))
        else:
            if row.state == State.APPROVED:
                return redirect("accounts:application-secret", row.pk)
            messages.success(request, _("Demande envoyée. La DSI décide ; un message vous le dira."))
            return redirect("accounts:app-passwords")
    context: dict[str, object] = {"form": form, "app_passwords": application_list(account=request.user)}
    context |= {"requests": request_list(account=request.user), "mistake": last_mistake(account=request.user)}
    return render(request, "accounts/applications/index.html", context)


@never_cache
@login_required
def secret(request: AccountRequest, pk: int) -> HttpResponse:
    """An approved request becomes a secret once its owner has given their password; shown in this answer alone."""
    row = get_object_or_404(request.user.application_requests, pk=pk)
    if row.state != State.APPROVED:
        return _already(request)
    form = SecretForm(request.POST or None, account=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            app_password, plain = service.application_secret_make(request=row)
        except service.AlreadyDecided:
            return _already(request)
        except TooManyAppPasswords:
            text = _("%(limit)s applications ont déjà un secret : retirez-en une d'abord.")
            form.add_error(None, text % {"limit": ACTIVE_LIMIT})
        else:
            return render(request, "accounts/applications/ready.html", _ready(app_password, plain))
    return render(request, "accounts/applications/secret.html", {"row": row, "form": form})


def _already(request: AccountRequest) -> HttpResponse:
    messages.warning(request, _("Cette demande n'attend plus son secret : il ne se montre qu'une fois."))
    return redirect("accounts:app-passwords")


def _ready(row: AppPassword, plain: str) -> dict[str, object]:
    """What the page shows at creation: the secret, and what carries it into the application."""
    context = _setup(row) | {"secret": plain, "minutes": SECONDS // 60}
    if not mobileconfig.profile_possible(row.protocols):
        return context
    if row.family == AppFamily.ANDROID:
        context["android_qr"] = picture(mobile_import(app_password=row, secret=plain))
    elif row.family == AppFamily.APPLE:
        token = handover_prepare(app_password=row, secret=plain)
        link = f"{row.account.person.organisation.base_url}{reverse('accounts:application-handover')}?jeton={token}"
        context |= {"apple_link": link, "apple_qr": picture(link)}
    return context


def _setup(row: AppPassword) -> dict[str, object]:
    return {
        "row": row,
        "servers": servers(row.account.person.organisation, row.protocols),
        "steps": f"accounts/applications/steps/{row.family}.html",
        "profile_possible": mobileconfig.profile_possible(row.protocols),
        "is_apple": row.family == AppFamily.APPLE,
    }


@login_required
def detail(request: AccountRequest, pk: int) -> HttpResponse:
    """How to set one up, without its secret."""
    row = get_object_or_404(application_list(account=request.user), pk=pk)
    return render(request, "accounts/applications/detail.html", _setup(row))


@never_cache
@login_required
def profile(request: AccountRequest, pk: int) -> HttpResponse:
    """Apple's profile without the secret: the device asks for it."""
    row = get_object_or_404(application_list(account=request.user).select_related("account__person"), pk=pk)
    if not mobileconfig.profile_possible(row.protocols):
        raise Http404
    return profile_answer(mobileconfig.profile(app_password=row))


def profile_answer(content: bytes) -> HttpResponse:
    disposition = 'attachment; filename="messagerie.mobileconfig"'
    return HttpResponse(content, content_type=mobileconfig.CONTENT_TYPE, headers={"Content-Disposition": disposition})


@login_required
@require_POST
def withdraw(request: AccountRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(request.user.application_requests, pk=pk)
    try:
        service.application_withdraw(request=row)
    except service.AlreadyDecided:
        messages.warning(request, _("Cette demande a déjà reçu sa réponse."))
    else:
        messages.success(request, _("Demande abandonnée."))
    return redirect("accounts:app-passwords")


@login_required
@require_POST
def revoke(request: AccountRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(application_list(account=request.user), pk=pk)
    app_password_revoke(app_password=row, acting_user=request.user)
    messages.success(request, _("« %(name)s » n'ouvre plus votre boîte.") % {"name": row.name})
    return redirect("accounts:app-passwords")
