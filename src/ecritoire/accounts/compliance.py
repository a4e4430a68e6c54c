"""Which rule of the CNIL or the ANSSI each choice of a policy meets, and which it leaves."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from .models import AccessPolicy, Population

YEAR, LONGEST_PRIVILEGED = 365, 1095
Preset, SecondFactor = AccessPolicy.PasswordPreset, AccessPolicy.SecondFactor


@dataclass(frozen=True)
class Note:
    """``met`` is None for a choice no rule asks for and none forbids."""

    met: bool | None
    text: str


def notes_of(policy: AccessPolicy) -> list[Note]:
    privileged = policy.population == Population.PRIVILEGED
    return [_password(policy, privileged), _renewal(policy.renewal_days, privileged), _factor(policy, privileged)]


def _password(policy: AccessPolicy, privileged: bool) -> Note:
    if privileged and policy.password_preset != Preset.ANSSI:
        return Note(False, _("ANSSI, R21 : un rôle privilégié demande 15 caractères ou plus."))
    if policy.password_preset == Preset.CNIL_80:
        return Note(True, _("CNIL 2022-100 : 80 bits, suffisant pour un mot de passe seul."))
    if policy.password_preset == Preset.CNIL_50:
        return Note(
            True,
            _(
                "CNIL 2022-100 : 50 bits, permis grâce à la restriction d'accès (attente croissante, 25 échecs par jour)."
            ),
        )
    return Note(True, _("ANSSI, R21 et R23 : longueur d'un accès sensible ; au-delà des 80 bits de la CNIL."))


def _renewal(days: int, privileged: bool) -> Note:
    if privileged:
        if YEAR <= days <= LONGEST_PRIVILEGED:
            return Note(True, _("ANSSI, R25 : renouvellement des accès privilégiés entre un et trois ans."))
        if days:
            return Note(None, _("Hors des un à trois ans de l'ANSSI (R25)."))
        return Note(False, _("ANSSI, R25 : un accès privilégié se renouvelle tous les un à trois ans."))
    if days:
        return Note(
            None, _("Au choix de l'académie : ni la CNIL ni l'ANSSI (R24) ne le demandent pour un compte ordinaire.")
        )
    return Note(True, _("CNIL 2022-100 et ANSSI, R24 : pas de renouvellement périodique d'un compte ordinaire."))


def _factor(policy: AccessPolicy, privileged: bool) -> Note:
    if policy.second_factor == SecondFactor.ALWAYS:
        return Note(True, _("ANSSI, PG-078 : authentification multifacteur, à préférer partout."))
    if privileged:
        return Note(False, _("ANSSI, PG-078 : un rôle privilégié s'authentifie avec deux facteurs."))
    if policy.second_factor == SecondFactor.OFF:
        return Note(False, _("ANSSI, PG-078 : l'authentification multifacteur est à proposer."))
    return Note(True, _("ANSSI, PG-078 : authentification multifacteur proposée ou annoncée."))
