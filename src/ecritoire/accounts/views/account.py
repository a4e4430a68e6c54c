"""My account: password, recovery, sessions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from ecritoire.accounts.factors import rule_for
from ecritoire.accounts.forms import ChangeAddressForm, ChangePasswordForm, ChangeQuestionsForm, CodeForm
from ecritoire.accounts.selectors import session_list
from ecritoire.accounts.services.management import session_close, sessions_close
from ecritoire.accounts.services.passwords import password_set
from ecritoire.accounts.services.recovery import (
    code_allowed,
    recovery_address_propose,
    recovery_address_verify,
    secret_questions_set,
)
from ecritoire.accounts.services.trusted_devices import trusted_device_list
from ecritoire.common.requests import AccountRequest

SESSIONS_A_PAGE = 30


def password_change(request: AccountRequest, password: str) -> None:
    """The new password holds, this session goes on, the others end."""
    with transaction.atomic():
        password_set(account=request.user, password=password)
        update_session_auth_hash(request, request.user)
        sessions_close(account=request.user, acting_user=request.user, keep=request.session.session_key or "")


@never_cache
@login_required
@sensitive_post_parameters()
def password(request: AccountRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None, account=request.user)
    if request.method == "POST" and form.is_valid():
        password_change(request, form.cleaned_data["new_password"])
        messages.success(request, _("Mot de passe changé. Vos autres sessions sont fermées."))
        return redirect("accounts:password")
    return render(request, "accounts/password.html", {"form": form})


@never_cache
@login_required
def recovery(request: AccountRequest) -> HttpResponse:
    """The alternate address and the secret questions; each form asks for the current password."""
    account = request.user
    kind = request.POST.get("kind", "")
    address_form = ChangeAddressForm(request.POST if kind == "address" else None, account=account, prefix="address")
    questions_form = ChangeQuestionsForm(
        request.POST if kind == "questions" else None, account=account, prefix="questions"
    )
    code_form = CodeForm(request.POST if kind == "code" else None)
    if kind == "address" and address_form.is_valid():
        if code_allowed(login=account.login):
            recovery_address_propose(account=account, address=address_form.cleaned_data["address"])
            messages.success(request, _("Un code est parti vers la nouvelle adresse : saisissez-le ci-dessous."))
        else:
            messages.error(request, _("Six codes ont déjà été envoyés aujourd'hui. Reprenez demain."))
        return redirect("accounts:recovery")
    if kind == "questions" and questions_form.is_valid():
        secret_questions_set(account=account, answers=questions_form.answers())
        messages.success(request, _("Questions secrètes enregistrées."))
        return redirect("accounts:recovery")
    if kind == "code" and code_form.is_valid():
        if recovery_address_verify(account=account, code=code_form.cleaned_data["code"]):
            messages.success(request, _("Adresse de secours vérifiée."))
            return redirect("accounts:recovery")
        code_form.add_error("code", _("Ce code n'est pas le bon, ou n'est plus valable."))
    context: dict[str, object] = {
        "address_form": address_form,
        "questions_form": questions_form,
        "code_form": code_form,
    }
    context["row"] = getattr(account, "recovery_address", None)
    return render(request, "accounts/recovery.html", context)


@login_required
def sessions(request: AccountRequest) -> HttpResponse:
    page = Paginator(session_list(account=request.user), SESSIONS_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, object] = {
        "page": page,
        "current": request.session.session_key,
    }
    context["devices"] = trusted_device_list(account=request.user, days=rule_for(request.user).trusted_days)
    return render(request, "accounts/sessions.html", context)


@login_required
@require_POST
def session_end(request: AccountRequest, started: int) -> HttpResponse:
    """Close one session, known by the second it was opened: its key stays a secret."""
    own = session_list(account=request.user)
    session = next((row for row in own if int(row.started_at.timestamp()) == started), None)
    if session is None:
        messages.warning(request, _("Cette session était déjà fermée."))
    else:
        session_close(session=session, acting_user=request.user)
        messages.success(request, _("Session fermée."))
    return redirect("accounts:sessions")


@login_required
@require_POST
def sessions_end_others(request: AccountRequest) -> HttpResponse:
    count = sessions_close(account=request.user, acting_user=request.user, keep=request.session.session_key or "")
    messages.success(request, _("Sessions fermées : %(count)s.") % {"count": count})
    return redirect("accounts:sessions")
