"""« Règles d'accès »: what is asked of each population, and which rule of the CNIL or the ANSSI that meets."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ecritoire.accounts.compliance import notes_of
from ecritoire.accounts.forms import PolicyForm
from ecritoire.accounts.models import Population
from ecritoire.accounts.policies import policy_by_population
from ecritoire.accounts.services.access_policies import FIELDS, PRESETS, policies_save, preset_apply
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action


@never_cache
@action_required(Action.POLICY_MANAGE)
def policies(request: AccountRequest) -> HttpResponse:
    """Those of one's own académie."""
    return _page(request, request.user.organisation_id)


@never_cache
@action_required(Action.PLATFORM_MANAGE)
def defaults(request: AccountRequest) -> HttpResponse:
    """What holds in the académies that decide nothing else."""
    return _page(request, None)


def _page(request: AccountRequest, organisation: int | None) -> HttpResponse:
    if request.POST.get("preset") in PRESETS:
        changed = preset_apply(name=request.POST["preset"], organisation=organisation, acting_user=request.user)
        return _saved(request, changed)
    known = policy_by_population(organisation)
    forms = {
        population: PolicyForm(
            request.POST or None,
            prefix=population,
            population=population,
            initial={name: getattr(policy, name) for name in FIELDS},
        )
        for population, policy in known.items()
    }
    if request.method == "POST" and all([form.is_valid() for form in forms.values()]):  # noqa: C419 - each shows its errors
        values = {population: form.cleaned_data for population, form in forms.items()}
        return _saved(request, policies_save(values=values, organisation=organisation, acting_user=request.user))
    rows = [
        {"name": population.label, "form": forms[population], "notes": notes_of(known[population])}
        for population in Population
    ]
    presets = [(name, label) for name, (label, _values) in PRESETS.items()]
    return render(
        request, "accounts/policies.html", {"rows": rows, "presets": presets, "are_defaults": organisation is None}
    )


def _saved(request: AccountRequest, changed: list[Population]) -> HttpResponse:
    names = ", ".join(str(population.label) for population in changed)
    if names:
        messages.success(request, _("Règles en vigueur pour : %(names)s.") % {"names": names})
    else:
        messages.info(request, _("Rien n'a changé."))
    return redirect(request.path)
