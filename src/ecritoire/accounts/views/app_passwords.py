"""Mail applications: name one, see its secret once, revoke it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ecritoire.accounts.forms import AppPasswordForm
from ecritoire.accounts.selectors import app_password_list
from ecritoire.accounts.services.app_passwords import (
    ACTIVE_LIMIT,
    TooManyAppPasswords,
    app_password_create,
    app_password_revoke,
)
from ecritoire.common.requests import AccountRequest


@never_cache
@login_required
def index(request: AccountRequest) -> HttpResponse:
    form = AppPasswordForm(request.POST or None, account=request.user)
    context: dict[str, object] = {"form": form, "listen": settings.CONFIG.listen, "host": settings.CONFIG.site.host}
    if request.method == "POST" and form.is_valid():
        try:
            row, secret = app_password_create(account=request.user, name=form.cleaned_data["name"])
        except TooManyAppPasswords:
            form.add_error(
                None, _("%(limit)s applications ont déjà un secret : retirez-en une d'abord.") % {"limit": ACTIVE_LIMIT}
            )
        else:
            # Shown in this answer alone: a redirect would have to keep the secret somewhere.
            context |= {"created": row, "secret": secret, "form": AppPasswordForm(account=request.user)}
    context["app_passwords"] = app_password_list(account=request.user)
    return render(request, "accounts/app_passwords.html", context)


@login_required
@require_POST
def revoke(request: AccountRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(app_password_list(account=request.user), pk=pk)
    app_password_revoke(app_password=row, acting_user=request.user)
    messages.success(request, _("« %(name)s » n'ouvre plus votre boîte.") % {"name": row.name})
    return redirect("accounts:app-passwords")
