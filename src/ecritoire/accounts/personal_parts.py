"""What this room keeps about people, what of it may be erased, and what is not handed over."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecritoire.directory.models import Person
from ecritoire.directory.personal_data import (
    Erasure,
    erasable,
    leave_out,
    register_erasure,
    register_part,
    table,
)

from . import models
from .places import country_name

CREATED = {"created_at": _("Date")}
LEAST_HISTORY = dt.timedelta(days=183)  # CNIL 2021-122: sign-ins are kept six months at least


def veiled(address: str) -> str:
    """« a•••@ailleurs.test »: a copy of the archive must not be a way into the account."""
    name, _at, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}" if domain else ""


def register() -> None:
    _account()
    _outside()
    _protection()
    _usage()
    _acts()
    _erasures()
    leave_out("secret: codes and links, hashed, for a few minutes or days", models.OneTimeCode, models.AlertLink)
    leave_out("secret: hashes of former passwords", models.PasswordHistory)
    leave_out("secret: hashes of recovery codes", models.RecoveryCode)
    leave_out("secrecy of legal proceedings", models.LegalHold)
    leave_out(
        "technical: which reminders were sent", models.PasswordReminder, models.ContributorReminder, models.EndReminder
    )
    leave_out("technical: when somebody was reminded to activate, told in the audit events", models.Relaunch)
    leave_out("somebody else's: how to reach the family", models.FamilyContact)
    leave_out("proof that nothing is left, kept after a purge", models.PurgeProof)
    leave_out("work of those who decide; its outcome is in the request", models.ContributorStep)


def _account() -> None:
    register_part(
        table(
            models.Account,
            _("Compte"),
            "person",
            {
                "login": _("Identifiant"),
                "state": _("État"),
                "created_at": _("Créé"),
                "activated_at": _("Activé"),
                "password_changed_at": _("Mot de passe changé"),
                "details_confirmed_at": _("Informations confirmées"),
                "memo_read_at": _("Mémo lu"),
                "last_login": _("Dernière connexion"),
                "closes_on": _("Ferme le"),
                "purge_on": _("Purgé à partir du"),
            },
            note=_("Le mot de passe n'est conservé que sous une forme dont on ne peut rien tirer."),
        ),
        table(
            models.AccountTransition,
            _("Vie du compte"),
            "account__person",
            {"on": _("Date"), "event": _("Événement"), "reason": _("Cause"), "words": _("Précision")},
        ),
        table(
            models.RoleGrant,
            _("Rôles"),
            "account__person",
            {"role": _("Rôle"), "structure__name": _("Établissement"), **CREATED},
        ),
    )


def _outside() -> None:
    register_part(
        table(
            models.ContributorRequest,
            _("Accès demandés pour vous"),
            "person",
            {
                "created_at": _("Demandé"),
                "state": _("État"),
                "given_name": _("Prénom"),
                "family_name": _("Nom"),
                "private_email": _("Adresse privée"),
                "reason": _("Motif"),
                "starts_on": _("Du"),
                "ends_on": _("Au"),
            },
        ),
        table(
            models.ContributorDelegation,
            _("Délégations reçues"),
            "delegate__person",
            {"starts_on": _("Du"), "ends_on": _("Au"), "structure__name": _("Établissement")},
        ),
        table(
            models.AbsenceMessage,
            _("Réponse automatique"),
            "account__person",
            {"words": _("Texte"), "contact": _("Contact"), "is_set": _("En service")},
        ),
    )


def _protection() -> None:
    device = {"user_agent": _("Navigateur"), "address": _("Adresse IP"), "last_used_at": _("Dernier usage")}
    register_part(
        table(
            models.RecoveryAddress,
            _("Adresse de secours"),
            "account__person",
            {"address": _("Adresse"), "verified_at": _("Vérifiée"), "pending": _("En attente de vérification")},
            computed={"address": lambda row: veiled(row.address), "pending": lambda row: veiled(row.pending)},
            note=_("Masquée : vous la voyez en entier sur la page « Secours »."),
        ),
        table(
            models.SecretQuestion,
            _("Questions secrètes"),
            "account__person",
            {"question": _("Question"), **CREATED},
            note=_("Les réponses ne sont conservées que sous une forme dont on ne peut rien tirer."),
        ),
        table(
            models.RecoveryChange,
            _("Moyens de secours remplacés"),
            "account__person",
            {**CREATED, "kind": _("Moyen"), "former_address": _("Ancienne adresse")},
            computed={"former_address": lambda row: veiled(row.former_address)},
        ),
        table(
            models.TotpFactor,
            _("Application d'authentification"),
            "account__person",
            {**CREATED, "last_used_at": _("Dernier usage")},
        ),
        table(
            models.Passkey,
            _("Clés d'accès"),
            "account__person",
            {"name": _("Nom"), **CREATED, "last_used_at": _("Dernier usage")},
        ),
        table(models.TrustedDevice, _("Appareils de confiance"), "account__person", {**CREATED, **device}),
        table(
            models.Vouching,
            _("Second facteur perdu : rendez-vous"),
            "account__person",
            {**CREATED, "state": _("État"), "proof": _("Pièce vue"), "closed_at": _("Clos")},
        ),
        table(
            models.IdentityProof,
            _("Preuves d'identité lors d'une réinitialisation"),
            "account__person",
            {**CREATED, "kind": _("Preuve"), "channel": _("Remise"), "note": _("Remarque")},
        ),
    )


def _usage() -> None:
    sign_in = {
        "at": _("Date"),
        "protocol": _("Par"),
        "result": _("Résultat"),
        "address": _("Adresse IP"),
        "country": _("Pays"),
        "device": _("Appareil"),
        "application": _("Application"),
    }
    country: dict[str, Any] = {"country": lambda row: country_name(row.country)}
    register_part(
        table(models.SignInEvent, _("Connexions"), "account__person", sign_in, computed=country),
        table(
            models.Lockout,
            _("Blocages"),
            "account__person",
            {
                "started_at": _("Début"),
                "ended_at": _("Fin"),
                "cause": _("Cause"),
                "address": _("Adresse IP"),
                "failures": _("Échecs"),
            },
        ),
        table(
            models.AccountSession,
            _("Sessions ouvertes"),
            "account__person",
            {
                "started_at": _("Ouverte"),
                "last_seen_at": _("Dernier usage"),
                "address": _("Adresse IP"),
                "user_agent": _("Navigateur"),
            },
        ),
        table(
            models.SignInAlert,
            _("Alertes de connexion"),
            "account__person",
            {
                "first_at": _("Date"),
                "kind": _("Nature"),
                "state": _("Réponse"),
                "address": _("Adresse IP"),
                "country": _("Pays"),
                "device": _("Appareil"),
            },
            computed=country,
        ),
        table(
            models.SignInProfile,
            _("Habitudes de connexion apprises pour vous protéger"),
            "account__person",
            {"data": _("Profil")},
        ),
        table(
            models.NetworkUse,
            _("Réseaux d'où vous vous connectez"),
            "account__person",
            {"network": _("Réseau"), "last_seen_at": _("Dernière fois")},
        ),
        table(
            models.AppPassword,
            _("Applications de messagerie"),
            "account__person",
            {
                "name": _("Nom"),
                "family": _("Application"),
                "protocols": _("Protocoles"),
                **CREATED,
                "last_used_at": _("Dernier usage"),
                "last_used_address": _("Depuis"),
                "revoked_at": _("Retirée"),
            },
            computed={"protocols": lambda row: row.protocol_labels},
        ),
        table(
            models.ApplicationRequest,
            _("Demandes d'application"),
            "account__person",
            {
                **CREATED,
                "name": _("Nom"),
                "reason": _("Motif"),
                "state": _("État"),
                "decided_at": _("Décidée"),
                "decision_text": _("Réponse"),
            },
        ),
    )


def _acts() -> None:
    register_part(
        table(
            models.Intrusion,
            _("Soupçons d'intrusion"),
            "account__person",
            {
                **CREATED,
                "since": _("Depuis"),
                "secured_at": _("Compte remis en sûreté"),
                "sessions_closed": _("Sessions fermées"),
                "secrets_revoked": _("Secrets retirés"),
                "closed_at": _("Clos"),
            },
        ),
        table(
            models.PrivacyRequest,
            _("Demandes sur vos données"),
            "account__person",
            {
                "received_on": _("Reçue"),
                "kind": _("Objet"),
                "text": _("Demande"),
                "due_on": _("Réponse due"),
                "state": _("État"),
                "ground": _("Fondement"),
                "answer": _("Réponse"),
            },
        ),
    )


def _erasures() -> None:
    path = "account__person"
    register_erasure(
        erasable(
            models.RecoveryAddress,
            _("Adresse de secours"),
            path,
            key="recovery_address",
            note=_("Un mot de passe oublié ne se retrouvera plus que par l'assistance."),
        ),
        erasable(models.SecretQuestion, _("Questions secrètes"), path, key="secret_questions"),
        erasable(models.RecoveryChange, _("Anciens moyens de secours"), path, key="recovery_changes"),
        Erasure(
            "sign_ins",
            _("Connexions de plus de six mois"),
            lambda person: _old_sign_ins(person).count(),
            lambda person: _old_sign_ins(person).delete()[0],
            _("Les plus récentes doivent être gardées (CNIL 2021-122)."),
        ),
        erasable(models.TrustedDevice, _("Appareils de confiance"), path, key="trusted_devices"),
        erasable(models.SignInProfile, _("Habitudes de connexion"), path, key="sign_in_profile"),
        erasable(models.NetworkUse, _("Réseaux de connexion"), path, key="networks"),
        erasable(
            models.AppPassword,
            _("Applications retirées"),
            path,
            key="revoked_applications",
            revoked_at__isnull=False,
        ),
        Erasure(
            "private_email",
            _("Adresse privée connue des ressources humaines"),
            lambda person: int(bool(person.private_email)),
            lambda person: Person.objects.filter(pk=person.pk).exclude(private_email="").update(private_email=""),
            _("Le prochain flux la rapporterait : faites-la retirer d'abord à la source."),
        ),
    )


def _old_sign_ins(person: Person) -> Any:
    return models.SignInEvent.objects.filter(account__person=person, at__lt=timezone.now() - LEAST_HISTORY)
