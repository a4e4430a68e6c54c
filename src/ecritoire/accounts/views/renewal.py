"""A password out of date: this page and nothing else, until there is a new one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from ecritoire.accounts.forms import ChangePasswordForm
from ecritoire.accounts.renewal import days_left
from ecritoire.common.requests import AccountRequest

from .account import password_change


@never_cache
@login_required
@sensitive_post_parameters()
def renewal(request: AccountRequest) -> HttpResponse:
    due = getattr(request, "renewal_due_on", None)
    if due is None or days_left(due) >= 0:
        return redirect("accounts:password")
    form = ChangePasswordForm(request.POST or None, account=request.user)
    if request.method == "POST" and form.is_valid():
        password_change(request, form.cleaned_data["new_password"])
        messages.success(request, _("Mot de passe renouvelé : tout vous est de nouveau ouvert."))
        return redirect("portal:home")
    return render(request, "accounts/renewal.html", {"form": form, "due": due})
