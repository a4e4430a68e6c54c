"""Letters: two batches, two channels."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ecritoire.accounts.forms import LettersForm, ProofForm
from ecritoire.accounts.overview import may_manage
from ecritoire.accounts.selectors import accounts_by_id, accounts_in_reach, activation_pending
from ecritoire.accounts.services.letters import (
    BATCH_LIMIT,
    LetterKind,
    LettersRefused,
    letters_make,
    temporary_password_mail,
    temporary_password_reset,
)
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory.selectors import structure_by_uai


@action_required(Action.LETTER_ISSUE)
def index(request: AccountRequest) -> HttpResponse:
    own = request.user.organisation_id
    form = LettersForm(request.GET or None, organisation=own)
    structure = structure_by_uai(request.GET.get("structure", ""), organisation=own)
    accounts = activation_pending(organisation=own, structure=structure)
    context = {"form": form, "accounts": accounts[:BATCH_LIMIT], "total": accounts.count(), "structure": structure}
    return render(request, "accounts/letters.html", {**context, "limit": BATCH_LIMIT, "now": timezone.now()})


@action_required(Action.LETTER_ISSUE)
@require_POST
def make(request: AccountRequest) -> HttpResponse:
    """One batch for the selection: identifiers, passwords, or passwords by e-mail."""
    chosen = [int(pk) for pk in request.POST.getlist("account") if pk.isdecimal()]
    accounts = list(accounts_by_id(chosen, organisation=request.user.organisation_id))
    kind = request.POST.get("kind", "")
    if kind == "mail":
        count = temporary_password_mail(accounts=accounts, acting_user=request.user)
        left = len(accounts) - count
        messages.success(
            request,
            _("Messages en partance : %(count)s. Sans adresse privée connue : %(left)s.")
            % {"count": count, "left": left},
        )
        return redirect("accounts:letters")
    try:
        content = letters_make(accounts=accounts, kind=LetterKind(kind), acting_user=request.user)
    except (LettersRefused, ValueError) as error:
        messages.error(
            request, str(error) if isinstance(error, LettersRefused) else _("Choisissez une sorte de lettre.")
        )
        return redirect("accounts:letters")
    return pdf(content, f"{kind}.pdf")


@never_cache
@action_required(Action.ACCOUNT_MANAGE)
def reset(request: AccountRequest, pk: int) -> HttpResponse:
    """A temporary password for one person, activated or not, once somebody has made sure of who they are."""
    account = get_object_or_404(accounts_in_reach(request.user).select_related("person__organisation"), pk=pk)
    if not may_manage(actor=request.user, target=account):
        raise PermissionDenied
    form = ProofForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        content = temporary_password_reset(account=account, acting_user=request.user, **form.cleaned_data)
        if content is not None:
            return pdf(content, "mot-de-passe-temporaire.pdf")
        messages.success(request, _("Un mot de passe temporaire part vers l'adresse privée connue."))
        return redirect("directory:person", pk=account.person_id)
    return render(request, "accounts/reset.html", {"form": form, "owner": account})


def pdf(content: bytes, name: str) -> HttpResponse:
    """A letter is handed over once and kept nowhere."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
