"""What this room keeps about people."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import AuditEvent

from .models import (
    Assignment,
    Contract,
    DoubtfulMatch,
    EmailAddress,
    FeedChange,
    FunctionalGuest,
    FunctionalMember,
    Leave,
    Person,
    SourceRecord,
)
from .personal_data import Part, Row, leave_out, register_part, table

IDENTITY = {
    "employee_number": _("Matricule"),
    "title": _("Civilité"),
    "given_name": _("Prénom"),
    "family_name": _("Nom"),
    "birth_name": _("Nom de naissance"),
    "birth_date": _("Date de naissance"),
    "category": _("Catégorie"),
    "organisation__name": _("Académie"),
    "private_email": _("Adresse privée connue des ressources humaines"),
    "right_from": _("Droit à la messagerie depuis"),
    "right_until": _("Jusqu'au"),
    "deceased_on": _("Date de décès"),
    "created_at": _("Connu ici depuis"),
}
PERIOD = {"starts_on": _("Du"), "ends_on": _("Au")}


def register() -> None:
    register_part(
        table(Person, _("Identité"), "pk", IDENTITY),
        table(
            EmailAddress,
            _("Adresses électroniques"),
            "person",
            {
                "address": _("Adresse"),
                "is_primary": _("Principale"),
                "created_at": _("Depuis"),
                "kept_until": _("Gardée jusqu'au"),
                "retired_at": _("Retirée"),
            },
        ),
        table(
            Assignment,
            _("Affectations"),
            "person",
            {"structure__name": _("Établissement"), "structure__uai": _("UAI"), "function": _("Fonction"), **PERIOD},
        ),
        table(Contract, _("Contrats"), "person", {"number": _("Numéro"), **PERIOD}),
        table(Leave, _("Congés"), "person", {"kind": _("Nature"), **PERIOD}),
        table(
            FunctionalMember,
            _("Boîtes partagées"),
            "person",
            {
                "mailbox__store_id": _("Boîte"),
                "access": _("Accès"),
                "function": _("Fonction"),
                "since": _("Du"),
                "until": _("Au"),
                "last_opened_on": _("Ouverte le"),
            },
        ),
        table(
            SourceRecord,
            _("Ce que chaque source RH dit de vous"),
            "person",
            {
                "source__name": _("Source"),
                "external_id": _("Identifiant"),
                "said": _("Contenu"),
                "updated_at": _("Mis à jour"),
            },
        ),
        table(
            FeedChange,
            _("Changements venus des ressources humaines"),
            "person",
            {"run__created_at": _("Date"), "label": _("Changement"), "before": _("Avant"), "after": _("Après")},
        ),
        Part(
            "common.auditevent",
            _("Journal : actes qui vous concernent"),
            {"at": _("Date"), "by": _("Par"), "action": _("Acte"), "target": _("Sur")},
            _events,
            (AuditEvent,),
            _("Le nom des agents qui ont agi n'est pas donné : il est protégé comme le vôtre."),
        ),
    )
    leave_out("says the same as the membership it made", FunctionalGuest)
    leave_out("names other people: who might be whom", DoubtfulMatch)


def _events(person: Person) -> Iterable[Row]:
    """Those about any address the person ever had, and their own acts."""
    addresses = set(person.addresses.values_list("address", flat=True))
    about = AuditEvent.objects.filter(target__in=addresses) | AuditEvent.objects.filter(actor__in=addresses)
    for event in about.order_by("id").iterator(chunk_size=1000):
        own = event.actor in addresses
        by = _("vous") if own else _("le service") if event.actor == "system" else _("un agent de l'académie")
        target = event.target if event.target in addresses else _("une autre personne ou un réglage")
        yield {"at": event.at, "by": str(by), "action": event.action, "target": str(target)}
