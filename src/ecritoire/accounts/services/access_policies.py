"""Deciding what is asked of whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import AccessPolicy, Lockout, Population
from ecritoire.accounts.policies import policy_by_population
from ecritoire.common.services import Actor, audit_record

FIELDS = ("second_factor", "second_factor_from", "trusted_days", "password_preset", "renewal_days", "password_history")
YEAR = 365
Preset = AccessPolicy.PasswordPreset
PRIVILEGED = {"password_preset": Preset.ANSSI, "renewal_days": YEAR, "password_history": 10}
PRESETS: dict[str, tuple[Promise, dict[str, Any]]] = {
    "anssi": (_("ANSSI"), {"password_preset": Preset.CNIL_80, "renewal_days": 0, "password_history": 5}),
    "academie": (
        _("académie (annuel)"),
        {"password_preset": Preset.CNIL_80, "renewal_days": YEAR, "password_history": 5},
    ),
}
"""What one gesture sets for ordinary people; privileged roles always have PRIVILEGED, and the second factor is left."""


def policies_save(
    *, values: Mapping[Population, Mapping[str, Any]], organisation: int | None, acting_user: Actor
) -> list[Population]:
    """Put ``values`` in force in one académie, or as the installation's defaults (None); each population that changes is audited with its former values. Returns those."""
    changed = []
    with transaction.atomic():
        for population, policy in policy_by_population(organisation).items():
            former = {name: getattr(policy, name) for name in FIELDS}
            wanted = {name: values.get(population, {}).get(name, former[name]) for name in FIELDS}
            if wanted != former:
                _save(policy, wanted, organisation)
                changed.append(population)
                audit_record(
                    acting_user=acting_user,
                    action="policy.save",
                    target=population,
                    within="" if organisation is None else None,
                    former={name: str(former[name]) for name in FIELDS if wanted[name] != former[name]},
                    new={name: str(wanted[name]) for name in FIELDS if wanted[name] != former[name]},
                )
    return changed


def preset_apply(*, name: str, organisation: int | None, acting_user: Actor) -> list[Population]:
    ordinary = PRESETS[name][1]
    values = {p: PRIVILEGED if p == Population.PRIVILEGED else ordinary for p in Population}
    return policies_save(values=values, organisation=organisation, acting_user=acting_user)


def _save(policy: AccessPolicy, wanted: Mapping[str, Any], organisation: int | None) -> None:
    """What an académie inherited becomes its own."""
    former = policy.renewal_days
    if policy.organisation_id != organisation:
        policy.pk, policy.organisation_id, policy._state.adding = None, organisation, True
    if wanted["renewal_days"] and (not former or wanted["renewal_days"] < former):
        policy.renewal_set_on = timezone.localdate()
    elif wanted["renewal_days"] != former:
        waiting = Lockout.objects.filter(cause=Lockout.Cause.EXPIRED, ended_at=None)
        waiting = waiting.filter(account__temporary_password_expires_at=None)  # who is still out of date comes back
        if organisation is not None:
            waiting = waiting.filter(account__person__organisation=organisation)
        waiting.update(ended_at=timezone.now())
    for name, value in wanted.items():
        setattr(policy, name, value)
    policy.save()
