"""Why a message did not arrive, and what to tell the person: the codes of RFC 3463 in plain words, and some words of servers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Reason:
    cause: str | Promise
    advice: str | Promise


SPELLING = _("Vérifier l'adresse avec le correspondant, par un autre moyen : une lettre suffit.")
SIZE = _("Envoyer moins ou autrement : un espace de partage plutôt qu'une pièce jointe.")
THEIR_SIDE = _("C'est au correspondant de le voir avec son service informatique : lui transmettre le message d'erreur.")
WAIT = _("Rien à faire : le message repart tout seul pendant cinq jours, puis l'expéditeur est averti.")
FILTER = _(
    "Si le message est légitime, le renvoyer sans lien ni pièce jointe douteuse ; sinon, donner ce suivi à la DSI."
)
OURS = _("Le signaler à la DSI avec ce suivi : la cause est de notre côté ou entre les deux services.")

SAID: tuple[tuple[re.Pattern[str], Reason], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reason)
    for pattern, reason in (
        (
            r"not owned by user",
            Reason(
                _("L'adresse d'expéditeur n'est pas une de celles de la personne connectée."),
                _(
                    "Corriger l'adresse d'envoi dans le logiciel de messagerie : celle du compte ou d'une boîte partagée."
                ),
            ),
        ),
        (
            r"never writes from outside",
            Reason(
                _("Quelqu'un, à l'extérieur, a écrit sous une adresse de l'académie sans se connecter."),
                _(
                    "Si c'est une application de l'établissement, elle doit passer par un compte ; sinon, c'est une usurpation arrêtée."
                ),
            ),
        ),
        (
            r"relay access denied",
            Reason(
                _("L'adresse n'est pas de l'académie, et l'expéditeur n'était pas connecté."),
                _(
                    "Régler le serveur d'envoi du logiciel de messagerie, avec identifiant et mot de passe d'application."
                ),
            ),
        ),
        (
            r"gtube|spam|virus|phish",
            Reason(_("Un filtre a pris le message pour du courrier indésirable ou dangereux."), FILTER),
        ),
        (
            r"grey-?list|try again later",
            Reason(
                _("Le serveur demande que le message soit représenté plus tard, comme à tout expéditeur inconnu."), WAIT
            ),
        ),
        (
            r"connection (refused|timed out)|no route|network is unreachable",
            Reason(_("Le serveur d'en face ne répond pas."), WAIT),
        ),
    )
)

DETAILS: dict[str, Reason] = {
    "1.0": Reason(_("L'adresse ne convient pas."), SPELLING),
    "1.1": Reason(_("Cette adresse n'existe pas, ou plus."), SPELLING),
    "1.2": Reason(_("Ce domaine n'existe pas ou ne reçoit pas de courrier."), SPELLING),
    "1.3": Reason(_("L'adresse est mal écrite."), SPELLING),
    "1.4": Reason(_("L'adresse désigne plusieurs destinataires."), SPELLING),
    "1.6": Reason(_("Le correspondant a changé d'adresse, sans en laisser de nouvelle."), SPELLING),
    "1.7": Reason(_("L'adresse de l'expéditeur est mal écrite."), OURS),
    "1.8": Reason(_("Le domaine de l'expéditeur n'existe pas ou ne se vérifie pas."), THEIR_SIDE),
    "1.10": Reason(_("Ce domaine fait savoir qu'il ne reçoit aucun courrier."), SPELLING),
    "2.0": Reason(_("La boîte du destinataire a un problème."), THEIR_SIDE),
    "2.1": Reason(_("La boîte du destinataire est fermée ou n'accepte plus de messages."), SPELLING),
    "2.2": Reason(
        _("La boîte du destinataire est pleine."), _("Le prévenir par un autre moyen ; il doit libérer de la place.")
    ),
    "2.3": Reason(_("Le message est trop gros pour ce destinataire."), SIZE),
    "2.4": Reason(_("La liste de diffusion n'a pas pu être servie."), THEIR_SIDE),
    "3.0": Reason(_("Le serveur du destinataire a un problème."), WAIT),
    "3.1": Reason(_("Le serveur du destinataire n'a plus de place."), WAIT),
    "3.2": Reason(_("Le serveur du destinataire n'accepte pas de courrier en ce moment."), WAIT),
    "3.3": Reason(_("Le serveur du destinataire ne sait pas traiter ce message."), THEIR_SIDE),
    "3.4": Reason(_("Le message est trop gros."), SIZE),
    "3.5": Reason(_("Le serveur du destinataire est mal réglé."), THEIR_SIDE),
    "4.0": Reason(_("Le réseau ou le chemin vers le serveur a un problème."), WAIT),
    "4.1": Reason(_("Le serveur d'en face ne répond pas."), WAIT),
    "4.2": Reason(_("La liaison a été coupée pendant l'envoi."), WAIT),
    "4.3": Reason(_("L'annuaire des domaines ne répond pas pour ce destinataire."), WAIT),
    "4.4": Reason(_("Aucun chemin vers ce domaine."), SPELLING),
    "4.5": Reason(_("Le serveur d'en face est débordé."), WAIT),
    "4.6": Reason(_("Le message tourne en rond entre deux serveurs."), OURS),
    "4.7": Reason(_("Le message n'a pas pu être remis dans le délai."), SPELLING),
    "5.0": Reason(_("Les deux serveurs ne se comprennent pas."), OURS),
    "5.1": Reason(_("Une commande n'a pas été acceptée."), OURS),
    "5.2": Reason(_("Une adresse ou une commande est mal formée."), SPELLING),
    "5.3": Reason(
        _("Trop de destinataires pour un seul message."),
        _("L'envoyer en plusieurs fois, ou par une liste de diffusion."),
    ),
    "5.4": Reason(_("Une commande n'a pas été acceptée."), OURS),
    "5.6": Reason(_("Le message est trop gros pour la connexion d'identification."), SIZE),
    "6.0": Reason(_("Le contenu ou son format n'est pas accepté."), FILTER),
    "6.1": Reason(_("Un type de pièce jointe n'est pas accepté."), FILTER),
    "6.2": Reason(_("Le contenu devrait être converti et ne peut pas l'être."), FILTER),
    "6.3": Reason(_("Le contenu devrait être converti et ne peut pas l'être."), FILTER),
    "6.7": Reason(_("Le serveur du destinataire n'accepte pas les adresses accentuées."), SPELLING),
    "7.0": Reason(_("Refusé pour une raison de sécurité, non précisée."), FILTER),
    "7.1": Reason(_("Refusé par une règle du destinataire : filtre, ou expéditeur non autorisé."), FILTER),
    "7.2": Reason(
        _("L'expéditeur n'a pas le droit d'écrire à cette liste."), _("Demander à son responsable d'y être autorisé.")
    ),
    "7.3": Reason(_("Une conversion de sécurité est impossible."), OURS),
    "7.4": Reason(_("Une protection demandée n'est pas disponible."), OURS),
    "7.5": Reason(_("Une vérification de chiffrement a échoué."), OURS),
    "7.8": Reason(
        _("Identifiant ou mot de passe refusé."),
        _("Créer un mot de passe d'application et le saisir dans le logiciel."),
    ),
    "7.9": Reason(_("Cette façon de se connecter n'est plus acceptée."), OURS),
    "7.20": Reason(_("La signature DKIM ne convient pas au destinataire."), OURS),
    "7.23": Reason(_("Le serveur d'envoi n'est pas autorisé par le domaine (SPF)."), OURS),
    "7.25": Reason(_("L'adresse du serveur d'envoi n'a pas de nom en retour."), OURS),
    "7.26": Reason(_("Le message n'est pas authentifié (SPF, DKIM)."), OURS),
    "7.27": Reason(_("Le domaine de l'expéditeur dit ne jamais envoyer de courrier."), THEIR_SIDE),
    "7.28": Reason(
        _("Trop de messages en peu de temps."), _("Attendre, puis envoyer moins vite ou par une liste de diffusion.")
    ),
}
SUBJECTS: dict[str, Reason] = {
    "1": Reason(_("L'adresse ne convient pas."), SPELLING),
    "2": Reason(_("La boîte du destinataire a un problème."), THEIR_SIDE),
    "3": Reason(_("Le serveur du destinataire a un problème."), WAIT),
    "4": Reason(_("Le réseau ou le chemin vers le serveur a un problème."), WAIT),
    "5": Reason(_("Les deux serveurs ne se comprennent pas."), OURS),
    "6": Reason(_("Le contenu ou son format n'est pas accepté."), FILTER),
    "7": Reason(_("Refusé pour une raison de sécurité, non précisée."), FILTER),
}
UNKNOWN = Reason(_("Le serveur n'a pas dit pourquoi."), THEIR_SIDE)


def reason_of(dsn: str, words: str) -> Reason:
    """The words first, where they say more than the code; then the detail, its subject, nothing."""
    for pattern, reason in SAID:
        if pattern.search(words):
            return reason
    subject, _dot, detail = dsn[2:].partition(".")
    return DETAILS.get(f"{subject}.{detail}") or SUBJECTS.get(subject) or UNKNOWN
