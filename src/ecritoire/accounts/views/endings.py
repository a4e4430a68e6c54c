"""Administration: the end of a person's account – what is decided, what happened, the rules of each category."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecritoire.accounts.forms.endings import DeathForm, DecisionForm, EndPolicyForm, ExtensionForm, HoldForm
from ecritoire.accounts.lifecycle import TRANSITIONS, Event, State, TransitionRefused
from ecritoire.accounts.models import Account, LegalHold
from ecritoire.accounts.overview import may_manage
from ecritoire.accounts.selectors import account_of
from ecritoire.accounts.services import endings
from ecritoire.accounts.services.end_policies import FIELDS, end_policies, end_policies_save
from ecritoire.accounts.timeline import timeline
from ecritoire.common.forms import Form
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory.models import Person
from ecritoire.directory.selectors import people_visible_to

RECENT = 6


@dataclass(frozen=True)
class Decision:
    """``allowed`` says whether it makes sense for the account as it is; ``form``'s fields are the service's arguments."""

    title: str | Promise
    means: str | Promise
    done: str | Promise
    service: Callable[..., object]
    allowed: Callable[[Account], bool]
    form: type[Form] = DecisionForm
    danger: bool = False
    action: Action = Action.LIFECYCLE_MANAGE


def _can(event: Event) -> Callable[[Account], bool]:
    return lambda account: account.state in TRANSITIONS[event].sources


def _may_reopen(account: Account) -> bool:
    if account.person.deceased_on:
        return False
    return account.state == State.DEACTIVATED or (account.state == State.ENDING and account.person.has_right)


DECISIONS = {
    "fin": Decision(
        gettext_lazy("Mettre fin au droit"),
        gettext_lazy(
            "Le délai de sa catégorie commence aujourd'hui : la personne est prévenue, exporte son courrier, puis le compte "
            "se ferme. Un contrat en cours n'y change rien ; un nouveau contrat, si."
        ),
        gettext_lazy("Le compte est en fin de droits."),
        endings.account_end,
        _can(Event.END),
        danger=True,
    ),
    "delai": Decision(
        gettext_lazy("Prolonger le délai"),
        gettext_lazy("Le compte se ferme plus tard ; la personne reçoit les rappels de la nouvelle date."),
        gettext_lazy("Délai prolongé."),
        endings.delay_extend,
        lambda account: account.state == State.ENDING and account.closes_on != endings.extension_limit(account),
        form=ExtensionForm,
    ),
    "fermeture": Decision(
        gettext_lazy("Fermer le compte"),
        gettext_lazy(
            "Tout se ferme à l'instant, sur tous les protocoles, et le courrier est refusé. La boîte est gardée le temps de la "
            "conservation, puis effacée."
        ),
        gettext_lazy("Compte fermé."),
        endings.account_close,
        _can(Event.DEACTIVATE),
        danger=True,
    ),
    "reouverture": Decision(
        gettext_lazy("Rouvrir le compte"),
        gettext_lazy(
            "La personne retrouve sa boîte, ses adresses et son second facteur ; ses applications de courrier restent à "
            "redemander. Sans contrat en cours, le compte ne rouvre que pour le délai de sa catégorie."
        ),
        gettext_lazy("Compte rouvert."),
        endings.account_reopen,
        _may_reopen,
    ),
    "deces": Decision(
        gettext_lazy("Déclarer un décès"),
        gettext_lazy("Tout se ferme à l'instant, et plus rien n'est écrit à la personne."),
        gettext_lazy("Le compte est fermé."),
        endings.account_owner_died,
        lambda account: not account.person.deceased_on,
        form=DeathForm,
        danger=True,
    ),
    "erreur-deces": Decision(
        gettext_lazy("Annuler la déclaration de décès"),
        gettext_lazy("La personne retrouve son droit, et son compte s'il n'a pas été purgé."),
        gettext_lazy("Déclaration annulée."),
        endings.account_owner_lives,
        lambda account: bool(account.person.deceased_on),
    ),
    "gel": Decision(
        gettext_lazy("Geler les données"),
        gettext_lazy("Rien n'est purgé ni effacé tant que le gel n'est pas levé, même à l'échéance."),
        gettext_lazy("Données gelées."),
        endings.hold_place,
        lambda account: account.state != State.PURGED,
        form=HoldForm,
        action=Action.HOLD_MANAGE,
    ),
}
LIFT = Decision(
    gettext_lazy("Lever le gel"),
    gettext_lazy("La purge reprend à son échéance, si aucun autre gel ne la retient."),
    gettext_lazy("Gel levé."),
    endings.hold_lift,
    lambda account: True,
    action=Action.HOLD_MANAGE,
)


def _own(request: AccountRequest, pk: int) -> Account:
    """An account of the viewer's académie that they may manage."""
    organisation = request.user.person.organisation_id
    account = get_object_or_404(Account.objects.select_related("person"), pk=pk, person__organisation=organisation)
    if not may_manage(actor=request.user, target=account):
        raise PermissionDenied
    return account


@action_required(Action.LIFECYCLE_MANAGE, Action.HOLD_MANAGE)
def decide(request: AccountRequest, pk: int, name: str) -> HttpResponse:
    """Says what the decision means, asks for what it takes, then carries it out."""
    if name not in DECISIONS:
        raise Http404
    decision = DECISIONS[name]
    if not request.user.may(decision.action):
        raise PermissionDenied
    account = _own(request, pk)
    if not decision.allowed(account):
        messages.error(
            request, _("Ce n'est plus possible : le compte est %(state)s.") % {"state": account.get_state_display()}
        )
        return redirect("directory:person", pk=account.person_id)
    return _carry_out(request, decision, account, partial(decision.service, account=account))


@action_required(Action.HOLD_MANAGE)
def lift(request: AccountRequest, pk: int) -> HttpResponse:
    hold = get_object_or_404(LegalHold.objects.filter(lifted_at__isnull=True), pk=pk)
    account = _own(request, hold.account_id)
    return _carry_out(request, LIFT, account, partial(endings.hold_lift, hold=hold))


def _carry_out(
    request: AccountRequest, decision: Decision, account: Account, service: Callable[..., object]
) -> HttpResponse:
    form = decision.form(request.POST if request.method == "POST" else None, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            service(**form.cleaned_data, acting_user=request.user)
            messages.success(request, str(decision.done))
        except TransitionRefused:
            messages.error(request, _("Ce n'est plus possible : le compte a changé entre-temps."))
        return redirect("directory:person", pk=account.person_id)
    return render(request, "accounts/people/act.html", {"act": decision, "form": form, "target": account})


def life_panel(request: HttpRequest, person: Person) -> SafeString:
    """On a person's page: the dates ahead, what may be decided, the latest moments."""
    account, viewer = account_of(person), request.user
    if account is None or not viewer.may(Action.PERSON_VIEW):  # type: ignore[union-attr]
        return SafeString("")
    context: dict[str, object] = {"person": person, "account": account}
    if may_manage(actor=viewer, target=account):  # type: ignore[arg-type]
        context["decisions"] = {
            name: decision
            for name, decision in DECISIONS.items()
            if viewer.may(decision.action) and decision.allowed(account)  # type: ignore[union-attr]
        }
    context["holds"] = account.legal_holds.filter(lifted_at__isnull=True)
    context["can_hold"] = viewer.may(Action.HOLD_MANAGE)  # type: ignore[union-attr]
    context["family"] = getattr(account, "family_contact", None)
    past = [moment for moment in timeline(person, account) if moment.on <= timezone.localdate()]
    context["moments"] = past[:RECENT]
    return render_to_string("accounts/people/_life.html", context, request)


@action_required(Action.PERSON_VIEW)
def life(request: AccountRequest, pk: int) -> HttpResponse:
    """« Parcours »: the whole timeline of one person."""
    person = get_object_or_404(people_visible_to(request.user), pk=pk, organisation=request.user.person.organisation_id)
    moments, today = timeline(person, account_of(person)), timezone.localdate()
    context = {
        "person": person,
        "ahead": [moment for moment in reversed(moments) if moment.on > today],
        "past": [moment for moment in moments if moment.on <= today],
    }
    return render(request, "accounts/people/life.html", context)


@action_required(Action.POLICY_MANAGE)
def policies(request: AccountRequest) -> HttpResponse:
    """« Fins de contrat »: delay, retention and reminders of each category."""
    organisation = request.user.person.organisation
    known = end_policies(organisation=organisation)
    forms = {
        category: EndPolicyForm(
            request.POST if request.method == "POST" else None,
            prefix=category,
            initial={name: getattr(policy, name) for name in FIELDS},
        )
        for category, policy in known.items()
    }
    if request.method == "POST" and all([form.is_valid() for form in forms.values()]):  # noqa: C419 - each shows its errors
        values = {category: form.cleaned_data for category, form in forms.items()}
        changed = end_policies_save(organisation=organisation, values=values, acting_user=request.user)
        names = ", ".join(str(category.label) for category in changed)
        messages.success(
            request, _("Règles en vigueur pour : %(names)s.") % {"names": names} if names else _("Rien n'a changé.")
        )
        return redirect("accounts:end-policies")
    rows = [(category.label, forms[category]) for category in known]
    return render(request, "accounts/end_policies.html", {"rows": rows})
