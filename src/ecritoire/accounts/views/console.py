"""Administration: what support does to an account, the audit journal, corrections asked for."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ecritoire.accounts.forms import RoleForm
from ecritoire.accounts.models import Account, RoleGrant
from ecritoire.accounts.selectors import account_of, correction_list, lockout_list, session_list, sign_in_list
from ecritoire.accounts.services import management
from ecritoire.accounts.services.roles import role_grant, role_revoke
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action, Role
from ecritoire.common.selectors import audit_first_broken, audit_list
from ecritoire.directory.models import Person
from ecritoire.directory.selectors import structure_by_uai

ACTS = {
    "suspend": (management.account_suspend, gettext_lazy("Compte suspendu : toutes ses portes sont fermées.")),
    "resume": (management.account_resume, gettext_lazy("Compte rétabli.")),
    "sign-out": (management.sessions_close, gettext_lazy("Toutes les sessions sont fermées.")),
    "unlock": (management.account_unlock, gettext_lazy("Compte débloqué.")),
}
PAGE = 50
LOCKOUTS = 5


def person_panel(request: HttpRequest, person: Person) -> SafeString:
    """The account's part of a person's page in the directory."""
    account = account_of(person)
    context: dict[str, object] = {"account": account, "person": person, "role_form": RoleForm()}
    context |= {"can_manage": request.user.may(Action.ACCOUNT_MANAGE), "can_grant": request.user.may(Action.ROLE_GRANT)}  # type: ignore[union-attr]
    if account:
        context |= {"sign_ins": sign_in_list(account=account)[:8], "sessions": session_list(account=account)}
        context["lockouts"] = lockout_list(account=account)[:LOCKOUTS]
        context["proofs"] = account.identity_proofs.all()[:LOCKOUTS]
        context["alerts"] = account.alerts.all()[:5]
        context["grants"] = account.role_grants.select_related("structure")
    return render_to_string("accounts/_person_panel.html", context, request)


@action_required(Action.ACCOUNT_MANAGE)
@require_POST
def act(request: AccountRequest, pk: int, name: str) -> HttpResponse:
    account = get_object_or_404(Account, pk=pk)
    if name not in ACTS:
        raise Http404
    service, text = ACTS[name]
    service(account=account, acting_user=request.user)  # type: ignore[operator]
    messages.success(request, text)
    return redirect("directory:person", pk=account.person_id)


@action_required(Action.ROLE_GRANT)
@require_POST
def grant(request: AccountRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(Account, pk=pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        structure = structure_by_uai(data["structure"])
        role_grant(account=account, role=Role(data["role"]), structure=structure, acting_user=request.user)
        messages.success(request, _("Rôle attribué."))
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("directory:person", pk=account.person_id)


@action_required(Action.ROLE_GRANT)
@require_POST
def revoke(request: AccountRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(RoleGrant.objects.select_related("account"), pk=pk)
    if row.account_id == request.user.pk and row.role == Role.ADMINISTRATOR:
        messages.error(request, _("On ne se retire pas soi-même le rôle d'administrateur : un autre le fait."))
    else:
        role_revoke(grant=row, acting_user=request.user)
        messages.success(request, _("Rôle retiré."))
    return redirect("directory:person", pk=row.account.person_id)


@action_required(Action.AUDIT_VIEW)
def journal(request: AccountRequest) -> HttpResponse:
    search = request.GET.get("q", "").strip()
    page = Paginator(audit_list(search=search), PAGE).get_page(request.GET.get("page"))
    context: dict[str, object] = {"page": page, "search": search}
    if "verify" in request.GET:
        broken = audit_first_broken()
        context |= {"verified": True, "broken": broken}
    return render(request, "accounts/journal.html", context)


@action_required(Action.ACCOUNT_MANAGE)
def corrections(request: AccountRequest) -> HttpResponse:
    """Details people say are wrong; handled once corrected at the source."""
    if request.method == "POST":
        row = get_object_or_404(correction_list(), pk=request.POST.get("pk"))
        row.handled_at = timezone.now()
        row.save(update_fields=["handled_at"])
        messages.success(request, _("Demande classée."))
        return redirect("accounts:corrections")
    return render(request, "accounts/corrections.html", {"rows": correction_list()})
