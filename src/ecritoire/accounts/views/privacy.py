"""« Mes données personnelles »: what the service knows of one, and what one may ask."""

from __future__ import annotations

import tempfile

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ecritoire.accounts.forms.privacy import PrivacyForm
from ecritoire.accounts.models import Account
from ecritoire.accounts.selectors.privacy import privacy_requests_of
from ecritoire.accounts.services.privacy import (
    TooManyOpen,
    personal_data_archive,
    privacy_ask,
    privacy_withdraw,
)
from ecritoire.common.requests import AccountRequest
from ecritoire.directory.selectors import assignments_of

from .confirmation import confirmed

IN_MEMORY = 1 << 20


@never_cache
@login_required
def index(request: AccountRequest) -> HttpResponse:
    account, form = request.user, PrivacyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _ask(request, form)
        return redirect("accounts:privacy")
    context = {
        "form": form,
        "rows": privacy_requests_of(account)[:20],
        "assignments": assignments_of(account.person),
        "addresses": account.person.addresses.all(),
        "officer": settings.CONFIG.privacy.officer,
    }
    return render(request, "accounts/privacy/mine.html", context)


def _ask(request: AccountRequest, form: PrivacyForm) -> None:
    data = form.cleaned_data
    try:
        row = privacy_ask(account=request.user, kind=data["kind"], text=data["text"], acting_user=request.user)
    except TooManyOpen:
        messages.error(
            request, _("Plusieurs de vos demandes attendent déjà leur réponse : patientez, ou retirez l'une d'elles.")
        )
    else:
        words = _("Demande enregistrée. Une réponse vous est due avant le %(day)s.")
        messages.success(request, words % {"day": f"{row.due_on:%d/%m/%Y}"})


@confirmed
def archive(request: AccountRequest) -> HttpResponseBase:
    if request.user.on_public_computer:
        messages.error(request, _("Sur un ordinateur partagé, l'archive resterait à la portée du suivant."))
        return redirect("accounts:privacy")
    return archive_response(request.user, acting_user=request.user)


def archive_response(account: Account, *, acting_user: Account) -> FileResponse:
    """Everything known about ``account``, on disk only once it is large."""
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - FileResponse closes it
    personal_data_archive(account=account, target=target, acting_user=acting_user)
    target.seek(0)
    name = f"donnees-{account.login.partition('@')[0]}-{timezone.localdate():%Y-%m-%d}.zip"
    headers = {"Cache-Control": "private, no-store"}
    return FileResponse(target, as_attachment=True, filename=name, content_type="application/zip", headers=headers)


@login_required
@require_POST
def withdraw(request: AccountRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(privacy_requests_of(request.user), pk=pk)
    privacy_withdraw(request=row, acting_user=request.user)
    messages.success(request, _("Demande retirée."))
    return redirect("accounts:privacy")
