"""Acting on the person's account from their ticket."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ecritoire.accounts.forms import ProofForm
from ecritoire.accounts.models import Account
from ecritoire.accounts.views.letters import pdf
from ecritoire.common.forms import Form
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.support.desk_forms import ApplicationForm, EmptyForm
from ecritoire.support.models import Ticket
from ecritoire.support.services import Impossible, account_acts

from .desk import ticket_of


@never_cache
@action_required(Action.TICKET_HANDLE)
def act(request: AccountRequest, number: str, name: str) -> HttpResponse:
    """Says what it means, asks what it needs, then does it: with the agent's own rights on the account."""
    row = ticket_of(request, number)
    wanted, account = account_acts.ACTS.get(name), row.account
    if wanted is None or account is None:
        raise Http404
    if not account_acts.may_act(request.user, wanted, account):
        raise PermissionDenied
    if not wanted.fits(account):
        messages.error(request, _("Ce n'est plus possible dans l'état de ce compte."))
        return redirect("support:handle", number=row.number)
    form = _form(request, name, account)
    if request.method == "POST" and form.is_valid():
        try:
            content = _do(row, account, request.user, name, form)
        except Impossible as reason:
            messages.error(request, str(reason))
            return redirect("support:handle", number=row.number)
        if content is not None:
            return pdf(content, f"{row.number}.pdf")
        messages.success(request, _("C'est fait, et noté dans la demande."))
        return redirect("support:handle", number=row.number)
    return render(request, "support/desk/act.html", {"ticket": row, "act": wanted, "form": form})


def _form(request: AccountRequest, name: str, account: Account) -> Form:
    data = request.POST if request.method == "POST" else None
    if name == "reset":
        return ProofForm(data, account=account)
    return ApplicationForm(data, account=account) if name == "application" else EmptyForm(data)


def _do(ticket: Ticket, account: Account, agent: Account, name: str, form: Form) -> bytes | None:
    data = form.cleaned_data
    if name == "reset":
        return account_acts.ticket_reset(ticket=ticket, account=account, acting_user=agent, **data)
    if name == "letter":
        return account_acts.ticket_letter(ticket=ticket, account=account, acting_user=agent)
    if name == "unlock":
        account_acts.ticket_unlock(ticket=ticket, account=account, acting_user=agent)
    else:
        approve = data["decision"] == "approve"
        account_acts.ticket_application(
            ticket=ticket, request=data["request"], approve=approve, text=data["text"], acting_user=agent
        )
    return None
