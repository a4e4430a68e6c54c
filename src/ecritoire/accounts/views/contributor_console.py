"""Outside contributors as those who decide see them: the queue, the register, delegations, rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ecritoire.accounts.forms.contributors import (
    NEW,
    ContributorDecisionForm,
    ContributorFilterForm,
    ContributorPolicyForm,
    DelegationForm,
)
from ecritoire.accounts.models import ContributorDelegation, ContributorRequest
from ecritoire.accounts.selectors import contributors as selectors
from ecritoire.accounts.services import contributor_decisions as decisions
from ecritoire.accounts.services import contributor_rules as rules
from ecritoire.accounts.services.contributors import ContributorRefused
from ecritoire.common.csv_export import csv_response
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.common.services import audit_record

from .contributors import detail_context

PAGE = 50
STATES = [
    ("waiting", gettext_lazy("à décider")),
    ("question", gettext_lazy("complément demandé")),
    ("present", gettext_lazy("présents")),
    ("ending", gettext_lazy("présents, fin dans les 30 jours")),
    ("orphan", gettext_lazy("sans agent responsable")),
    ("approved", gettext_lazy("acceptées")),
    ("refused", gettext_lazy("refusées")),
    ("withdrawn", gettext_lazy("abandonnées")),
    ("all", gettext_lazy("toutes")),
]
Kept = QuerySet[ContributorRequest]


def decider_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For the DSI, and for whoever holds a delegation today."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not selectors.is_decider(request.user):  # type: ignore[arg-type]
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@decider_required
def queue(request: AccountRequest) -> HttpResponse:
    """What waits, the oldest first; by its filters, everything else one may decide on."""
    form, rows = _narrowed(request, "waiting")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "is_dsi": request.user.may(Action.CONTRIBUTOR_DECIDE)}
    context["delegations"] = selectors.delegations_now(request.user).select_related("structure")
    return render(request, "accounts/contributors/queue.html", context)


def _narrowed(request: AccountRequest, state: str) -> tuple[ContributorFilterForm, Kept]:
    data = request.GET.copy()
    data.setdefault("state", state)
    structures = selectors.structures_of_queue(request.user)
    form = ContributorFilterForm(data, states=STATES, structures=structures)
    chosen = form.value("state") or state
    asked = selectors.Filters(
        state="" if chosen == "all" else chosen,
        uai=form.value("structure"),
        kind=form.value("kind"),
        search=form.value("q"),
    )
    return form, selectors.narrowed(selectors.decidable_by(request.user), asked)


@action_required(Action.CONTRIBUTOR_DECIDE)
def register_csv(request: AccountRequest) -> StreamingHttpResponse:
    """The register as it is narrowed. Audited: it leaves the service."""
    _form, rows = _narrowed(request, "all")
    asked = {name: value for name, value in request.GET.items() if value and name != "page"}
    target = f"{rows.count()} demandes"
    audit_record(acting_user=request.user, action="contributor.export", target=target, filters=asked)
    return csv_response("intervenants.csv", _lines(rows))


def _lines(rows: Kept) -> Iterator[list[object]]:
    yield [
        "demande",
        "etat",
        "nom",
        "prenom",
        "organisme",
        "sorte",
        "uai",
        "etablissement",
        "responsable",
        "premier_jour",
        "dernier_jour_demande",
        "accorde_jusqu_au",
        "decide_par",
        "decide_le",
        "identifiant",
    ]
    for row in rows.iterator(chunk_size=500):
        place = [row.structure.uai, row.structure.name] if row.structure else ["", ""]
        decided = [
            row.decided_by.login if row.decided_by else "",
            f"{row.decided_at:%Y-%m-%d}" if row.decided_at else "",
        ]
        yield [
            *[row.pk, row.get_state_display(), row.family_name, row.given_name, row.company, row.get_kind_display()],
            *[*place, row.sponsor.login, row.starts_on or "", row.ends_on or "", row.until or "", *decided],
            row.person.account.login if row.person else "",
        ]


@decider_required
@require_POST
def decide(request: AccountRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(selectors.with_people(ContributorRequest.objects.all()), pk=pk)
    if not selectors.decidable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    likenesses = selectors.likenesses_of(row)
    form = ContributorDecisionForm(request.POST, row=row, likenesses=likenesses)
    if form.is_valid():
        try:
            _carry_out(request, row, form, {str(found.person.pk): found.person for found in likenesses})
        except ContributorRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect("accounts:contributors-queue")
    context = detail_context(request, row) | {"decision_form": form}
    return render(request, "accounts/contributors/detail.html", context)


def _carry_out(
    request: AccountRequest, row: ContributorRequest, form: ContributorDecisionForm, known: dict[str, Any]
) -> None:
    data = form.cleaned_data
    if data["decision"] == "approve":
        person = known.get(data.get("person") or NEW)
        decisions.contributor_approve(
            row=row, until=data["until"], person=person, text=data["text"], acting_user=request.user
        )
        messages.success(request, _("Accès accordé : les courriers sont en partance."))
    elif data["decision"] == "refuse":
        decisions.contributor_refuse(row=row, text=data["text"], acting_user=request.user)
        messages.success(request, _("Demande refusée : l'agent est prévenu."))
    else:
        decisions.contributor_question(row=row, text=data["text"], acting_user=request.user)
        messages.success(request, _("Complément demandé à l'agent."))


@action_required(Action.CONTRIBUTOR_DECIDE)
def delegations(request: AccountRequest) -> HttpResponse:
    organisation_id = request.user.person.organisation_id
    form = DelegationForm(request.POST or None, organisation_id=organisation_id)
    if request.method == "POST" and form.is_valid() and form.account is not None:
        values = {name: form.cleaned_data[name] for name in ("structure", "kind", "starts_on", "ends_on")}
        try:
            rules.delegation_grant(delegate=form.account, acting_user=request.user, **values)
        except ContributorRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Délégation accordée."))
            return redirect("accounts:contributor-delegations")
    rows = selectors.delegation_list(organisation_id)
    return render(request, "accounts/contributors/delegations.html", {"form": form, "rows": rows})


@action_required(Action.CONTRIBUTOR_DECIDE)
@require_POST
def delegation_end(request: AccountRequest, pk: int) -> HttpResponse:
    rows = ContributorDelegation.objects.filter(organisation=request.user.person.organisation_id)
    rules.delegation_revoke(delegation=get_object_or_404(rows, pk=pk), acting_user=request.user)
    messages.success(request, _("Délégation retirée."))
    return redirect("accounts:contributor-delegations")


@action_required(Action.POLICY_MANAGE)
def policy(request: AccountRequest) -> HttpResponse:
    row = selectors.policy_of(request.user.person.organisation_id)
    initial = {name: getattr(row, name) for name in ContributorPolicyForm.base_fields}
    form = ContributorPolicyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        rules.policy_set(acting_user=request.user, **form.cleaned_data)
        messages.success(request, _("Règles enregistrées."))
        return redirect("accounts:contributor-policy")
    return render(request, "accounts/contributors/policy.html", {"form": form})
