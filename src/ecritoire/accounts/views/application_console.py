"""Mail applications for the DSI: what waits, what is trusted, what sleeps, what DNS must say."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.accounts.client_settings import dns_records
from ecritoire.accounts.forms import DecisionForm, TrustForm
from ecritoire.accounts.models import AppFamily, AppPassword, Population
from ecritoire.accounts.selectors import account_of, accounts_in_reach, sign_in_list
from ecritoire.accounts.selectors import applications as selectors
from ecritoire.accounts.services import applications as service
from ecritoire.accounts.services.app_passwords import app_password_revoke
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory.models import Person

PAGE, RECENT = 50, 10


def applications_panel(request: HttpRequest, person: Person) -> SafeString:
    """A person's applications on their page in the directory."""
    account = account_of(person)
    if account is None:
        return SafeString("")
    context = {
        "app_passwords": selectors.application_list(account=account),
        "requests": selectors.request_list(account=account),
        "can_manage": request.user.may(Action.ACCOUNT_MANAGE),  # type: ignore[union-attr]
        "can_decide": request.user.may(Action.APPLICATION_DECIDE),  # type: ignore[union-attr]
    }
    return render_to_string("accounts/applications/_panel.html", context, request)


@action_required(Action.APPLICATION_DECIDE)
def overview(request: AccountRequest) -> HttpResponse:
    own = request.user.organisation_id
    asleep = Paginator(selectors.dormant_list(organisation=own), PAGE).get_page(request.GET.get("page"))
    waiting = selectors.requests_waiting(organisation=own)
    context = {
        "waiting": waiting[:PAGE],
        "total": waiting.count(),
        "decided": selectors.requests_decided(organisation=own)[:RECENT],
        "families": selectors.family_counts(organisation=own),
        "page": asleep,
    }
    return render(request, "accounts/applications/console.html", context)


@action_required(Action.APPLICATION_DECIDE)
def decide(request: AccountRequest, pk: int) -> HttpResponse:
    rows = selectors.requests_of(request.user.organisation_id).select_related("account__person", "decided_by__person")
    row = get_object_or_404(rows, pk=pk)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        approve = form.cleaned_data["decision"] == "approve"
        try:
            service.application_decide(
                request=row, approve=approve, text=form.cleaned_data["text"], acting_user=request.user
            )
        except service.AlreadyDecided:
            messages.warning(request, _("Cette demande a déjà reçu sa réponse."))
        except service.OwnRequest:
            messages.error(request, _("On ne décide pas de sa propre demande : un autre le fait."))
        else:
            messages.success(request, _("Demande acceptée.") if approve else _("Demande refusée."))
        return redirect("accounts:applications-console")
    context = {"row": row, "form": form, "sign_ins": sign_in_list(account=row.account)[:RECENT]}
    context |= {"app_passwords": selectors.application_list(account=row.account)}
    return render(request, "accounts/applications/decide.html", context)


@action_required(Action.APPLICATION_DECIDE)
def trusted(request: AccountRequest) -> HttpResponse:
    can_edit = request.user.may(Action.POLICY_MANAGE)
    context = {
        "rows": selectors.trusted_list(organisation=request.user.organisation_id),
        "form": TrustForm(),
        "can_edit": can_edit,
    }
    return render(request, "accounts/applications/trusted.html", context)


@action_required(Action.POLICY_MANAGE)
@require_POST
def trust(request: AccountRequest) -> HttpResponse:
    form = TrustForm(request.POST)
    if form.is_valid():
        population = form.cleaned_data["population"]
        service.trusted_family_add(
            family=AppFamily(form.cleaned_data["family"]),
            population=Population(population) if population else None,
            organisation=request.organisation,
            acting_user=request.user,
        )
        messages.success(request, _("Application approuvée d'office."))
        return redirect("accounts:applications-trusted")
    context = {
        "rows": selectors.trusted_list(organisation=request.user.organisation_id),
        "form": form,
        "can_edit": True,
    }
    return render(request, "accounts/applications/trusted.html", context)


@action_required(Action.POLICY_MANAGE)
@require_POST
def distrust(request: AccountRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(selectors.trusted_list(organisation=request.user.organisation_id), pk=pk)
    service.trusted_family_remove(trusted=row, acting_user=request.user)
    messages.success(request, _("Les prochaines demandes attendront une décision."))
    return redirect("accounts:applications-trusted")


@action_required(Action.APPLICATION_DECIDE)
def dns(request: AccountRequest) -> HttpResponse:
    return render(request, "accounts/applications/dns.html", {"records": dns_records(request.organisation)})


@action_required(Action.ACCOUNT_MANAGE)
@require_POST
def revoke(request: AccountRequest, pk: int) -> HttpResponse:
    """Support withdraws somebody's application; the person is told."""
    own = AppPassword.objects.filter(account__in=accounts_in_reach(request.user))
    rows = own.filter(revoked_at__isnull=True).select_related("account")
    row = get_object_or_404(rows, pk=pk)
    app_password_revoke(app_password=row, acting_user=request.user, reason="support")
    messages.success(request, _("« %(name)s » n'ouvre plus cette boîte.") % {"name": row.name})
    return redirect("directory:person", pk=row.account.person_id)
