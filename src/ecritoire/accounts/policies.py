"""Which policy holds for an account: the strictest of its populations'."""

from __future__ import annotations

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


def policy_by_population() -> dict[Population, AccessPolicy]:
    """What holds for each population. One query."""
    known = {Population(row.population): row for row in AccessPolicy.objects.all()}
    return {population: known.get(population) or policy_default(population) for population in Population}


def policies_for(account: Account) -> list[AccessPolicy]:
    """One policy for each population of ``account``; read ``max`` or ``min`` of what matters to you."""
    wanted = populations_of(account)
    known = {row.population: row for row in AccessPolicy.objects.filter(population__in=wanted)}
    return [known.get(population) or policy_default(population) for population in wanted]
