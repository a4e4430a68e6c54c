"""Administration: a person's account, what is done to it, roles, corrections asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ecritoire.accounts.forms import ReasonForm, RoleForm
from ecritoire.accounts.models import Account, RoleGrant
from ecritoire.accounts.overview import may_manage
from ecritoire.accounts.selectors import (
    account_of,
    correction_list,
    lockout_list,
    logins_of,
    session_list,
    sign_in_list,
)
from ecritoire.accounts.services import access_revoke, management
from ecritoire.accounts.services.roles import role_grant, role_revoke
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action, Role
from ecritoire.common.selectors import audit_about
from ecritoire.common.services import audit_record
from ecritoire.directory.models import Person
from ecritoire.directory.selectors import structure_by_uai

SIGN_INS, EVENTS, SHOWN = 8, 10, 5


@dataclass(frozen=True)
class Act:
    """Something done to an account, after a page that says what it means. ``asks_why``: a reason is required."""

    title: str | Promise
    means: str | Promise
    done: str | Promise
    service: Callable[..., object]
    danger: bool = False
    asks_why: bool = False


def _sign_out(*, account: Account, acting_user: Account, reason: str) -> None:
    management.sessions_close(account=account, acting_user=acting_user)


ACTS = {
    "suspend": Act(
        gettext_lazy("Suspendre le compte"),
        gettext_lazy("Toutes ses portes se ferment à l'instant ; le courrier continue d'arriver."),
        gettext_lazy("Compte suspendu : toutes ses portes sont fermées."),
        management.account_suspend,
        danger=True,
        asks_why=True,
    ),
    "resume": Act(
        gettext_lazy("Rétablir le compte"),
        gettext_lazy("La personne pourra se reconnecter comme avant la suspension."),
        gettext_lazy("Compte rétabli."),
        management.account_resume,
    ),
    "sign-out": Act(
        gettext_lazy("Fermer ses sessions"),
        gettext_lazy("La personne devra se reconnecter dans chaque navigateur ; ses applications de courrier restent."),
        gettext_lazy("Toutes les sessions sont fermées."),
        _sign_out,
    ),
    "revoke": Act(
        gettext_lazy("Couper tous les accès"),
        gettext_lazy(
            "Sessions, applications de courrier et connexions ouvertes prennent fin sur tous les protocoles. "
            "Le compte reste actif : son mot de passe le rouvre."
        ),
        gettext_lazy("Tous les accès sont coupés."),
        access_revoke,
        danger=True,
        asks_why=True,
    ),
    "unlock": Act(
        gettext_lazy("Débloquer le compte"),
        gettext_lazy("Les échecs qui le bloquent sont oubliés ; ils restent dans l'historique."),
        gettext_lazy("Compte débloqué."),
        management.account_unlock,
    ),
}


def person_panel(request: HttpRequest, person: Person) -> SafeString:
    """The account's part of a person's page; a local IT contact sees its state alone."""
    account, viewer = account_of(person), request.user
    context: dict[str, object] = {"account": account, "person": person, "role_form": RoleForm()}
    for name, action in (
        ("sees_all", Action.PERSON_VIEW),
        ("can_manage", Action.ACCOUNT_MANAGE),
        ("can_grant", Action.ROLE_GRANT),
        ("can_audit", Action.AUDIT_VIEW),
    ):
        context[name] = viewer.may(action)  # type: ignore[union-attr]
    if account and context["sees_all"]:
        context |= {
            "sign_ins": sign_in_list(account=account)[:SIGN_INS],
            "sessions": session_list(account=account)[:SIGN_INS],
        }
        context["can_manage"] = context["can_manage"] and may_manage(actor=viewer, target=account)  # type: ignore[arg-type]
        context |= {"lockouts": lockout_list(account=account)[:SHOWN], "alerts": account.alerts.all()[:SHOWN]}
        context["proofs"] = account.identity_proofs.all()[:SHOWN]
        context |= {"grants": account.role_grants.select_related("structure"), "acts": _acts(account)}
        if context["can_manage"] or context["can_audit"]:
            context["events"] = audit_about(logins=logins_of(account))[:EVENTS]
    return render_to_string("accounts/_person_panel.html", context, request)


def _acts(account: Account) -> dict[str, Act]:
    """What makes sense in the account's state."""
    hidden = "suspend" if account.state == Account.State.SUSPENDED else "resume"
    return {name: act for name, act in ACTS.items() if name != hidden}


@action_required(Action.ACCOUNT_MANAGE)
def act(request: AccountRequest, pk: int, name: str) -> HttpResponse:
    """Says what the act means, asks for the reason, then carries it out."""
    account = get_object_or_404(Account.objects.select_related("person"), pk=pk)
    if name not in ACTS:
        raise Http404
    if not may_manage(actor=request.user, target=account):
        raise PermissionDenied
    wanted = ACTS[name]
    form = ReasonForm(request.POST if request.method == "POST" else None, required=wanted.asks_why)
    if request.method == "POST" and form.is_valid():
        wanted.service(account=account, acting_user=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, str(wanted.done))
        return redirect("directory:person", pk=account.person_id)
    return render(request, "accounts/people/act.html", {"act": wanted, "form": form, "target": account})


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


@action_required(Action.ACCOUNT_MANAGE)
def corrections(request: AccountRequest) -> HttpResponse:
    """Details people say are wrong; handled once corrected at the source."""
    if request.method == "POST":
        row = get_object_or_404(correction_list(), pk=request.POST.get("pk"))
        with transaction.atomic():
            row.handled_at = timezone.now()
            row.save(update_fields=["handled_at"])
            audit_record(acting_user=request.user, action="correction.handle", target=row.account.login)
        messages.success(request, _("Demande classée."))
        return redirect("accounts:corrections")
    return render(request, "accounts/corrections.html", {"rows": correction_list()})
