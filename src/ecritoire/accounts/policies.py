"""Which policy holds for an account: the strictest of its populations'."""

from __future__ import annotations

from django.db.models import F, Q

from ecritoire.common.roles import Role

from .models import AccessPolicy, Account, Population

ORDINARY = {Role.AGENT, Role.EXTERNAL}
DEFAULTS = {Population.PRIVILEGED: AccessPolicy.SecondFactor.ALWAYS}


def populations_of(account: Account) -> list[Population]:
    """The category's population and, for whoever holds a privileged role, that one too. One query at most."""
    populations = [Population(account.person.category)]
    if account.roles - ORDINARY:
        populations.append(Population.PRIVILEGED)
    return populations


def policy_default(population: Population) -> AccessPolicy:
    """What holds until the DSI decides otherwise: strong authentication offered, and always asked of privileged roles,
    with the longer password of the ANSSI's R21."""
    privileged = population == Population.PRIVILEGED
    return AccessPolicy(
        population=population,
        second_factor=DEFAULTS.get(population, AccessPolicy.SecondFactor.OFFERED),
        password_preset=AccessPolicy.PasswordPreset.ANSSI if privileged else AccessPolicy.PasswordPreset.CNIL_80,
    )


def policy_by_population(organisation: int | None = None) -> dict[Population, AccessPolicy]:
    """What holds for each population of one académie, or by default in the installation (None). One query."""
    known = _known(organisation, list(Population))
    return {population: known.get(population) or policy_default(population) for population in Population}


def _known(organisation: int | None, populations: list[Population]) -> dict[str, AccessPolicy]:
    """The académie's own rows prevail over the installation's."""
    rows = AccessPolicy.objects.filter(
        Q(organisation=organisation) | Q(organisation=None), population__in=populations
    ).order_by(F("organisation").asc(nulls_first=True))
    return {row.population: row for row in rows}


def policies_for(account: Account) -> list[AccessPolicy]:
    """One policy for each population of ``account``; read ``max`` or ``min`` of what matters to you."""
    wanted = populations_of(account)
    known = _known(account.organisation_id, wanted)
    return [known.get(population) or policy_default(population) for population in wanted]
