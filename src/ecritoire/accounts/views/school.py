"""A local IT contact's view: the accounts of their school, and the identifier letters to hand out."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ecritoire.accounts.models import Account
from ecritoire.accounts.overview import schools_of
from ecritoire.accounts.selectors import activation_pending
from ecritoire.accounts.services.letters import LetterKind, LettersRefused, letters_make
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory.selectors import structure_by_uai

from .letters import pdf


@action_required(Action.SCHOOL_VIEW)
def index(request: AccountRequest) -> HttpResponse:
    context = {"schools": schools_of(request.user), "states": Account.State.choices, "now": timezone.now()}
    return render(request, "accounts/school.html", context)


@action_required(Action.SCHOOL_VIEW)
@require_POST
def identifiers(request: AccountRequest, uai: str) -> HttpResponse:
    """Identifiers only: the temporary password goes to the person by the other channel."""
    structure = structure_by_uai(uai, organisation=request.user.organisation_id)
    if structure is None:
        raise Http404
    if structure.pk not in request.user.contact_structures:
        raise PermissionDenied
    accounts = list(activation_pending(organisation=structure.organisation_id, structure=structure))
    try:
        content = letters_make(accounts=accounts, kind=LetterKind.IDENTIFIERS, acting_user=request.user)
    except LettersRefused as error:
        messages.error(request, str(error))
        return redirect("accounts:school")
    return pdf(content, f"identifiants-{structure.uai}.pdf")
