"""What this room keeps about people."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from ecritoire.directory.models import Person
from ecritoire.directory.personal_data import Part, Row, erasable, leave_out, register_erasure, register_part, table

from .models import (
    CriticalAlert,
    OnCall,
    PushSubscription,
    ReadyAnswer,
    Satisfaction,
    SavedFilter,
    Ticket,
    TicketEvent,
    TicketLink,
    TicketMessage,
    Watcher,
    WebhookDelivery,
)

INTERNAL = TicketMessage.Audience.INTERNAL
DONE = (Ticket.State.RESOLVED, Ticket.State.CLOSED)


def register() -> None:
    register_part(
        table(
            Ticket,
            _("Demandes d'assistance"),
            "account__person",
            {
                "number": _("Numéro"),
                "created_at": _("Date"),
                "kind": _("Nature"),
                "subject": _("Objet"),
                "text": _("Texte"),
                "contact": _("Où vous joindre"),
                "state": _("État"),
                "facts": _("Faits joints"),
            },
        ),
        table(
            TicketEvent,
            _("Étapes de ces demandes"),
            "ticket__account__person",
            {"ticket__number": _("Numéro"), "created_at": _("Date"), "kind": _("Étape")},
        ),
        table(
            Satisfaction,
            _("Avis sur l'assistance"),
            "ticket__account__person",
            {"ticket__number": _("Numéro"), "created_at": _("Date"), "score": _("Avis"), "comment": _("Commentaire")},
        ),
        table(
            TicketLink,
            _("Liens de ces demandes à d'autres"),
            "ticket__account__person",
            {"ticket__number": _("Numéro"), "kind": _("Lien"), "created_at": _("Date")},
        ),
        table(
            Watcher,
            _("Demandes que vous suivez"),
            "account__person",
            {"ticket__number": _("Numéro"), "created_at": _("Date")},
        ),
        table(
            SavedFilter,
            _("Filtres enregistrés"),
            "account__person",
            {"name": _("Nom"), "query": _("Filtre"), "created_at": _("Date")},
        ),
        table(
            ReadyAnswer,
            _("Vos réponses prêtes"),
            "owner__person",
            {"title": _("Titre"), "text": _("Texte"), "created_at": _("Date")},
        ),
        table(
            CriticalAlert,
            _("Alertes critiques de ces demandes"),
            "ticket__account__person",
            {"ticket__number": _("Numéro"), "created_at": _("Date"), "acknowledged_at": _("Prise en charge")},
        ),
        table(
            OnCall,
            _("Astreintes de l'assistance"),
            "account__person",
            {"starts_at": _("Du"), "ends_at": _("Au"), "phone": _("Téléphone"), "address": _("Adresse")},
        ),
        Part(
            "support.ticketmessage",
            _("Messages de ces demandes"),
            {"number": _("Numéro"), "at": _("Date"), "side": _("De"), "text": _("Texte")},
            _messages,
            (TicketMessage,),
            _(
                "Les notes de travail de l'assistance se demandent à la DSI, qui en retire ce qui touche d'autres personnes."
            ),
        ),
    )
    register_part(
        table(
            PushSubscription,
            _("Navigateurs qui vous préviennent"),
            "account__person",
            {"created_at": _("Date"), "device": _("Navigateur"), "last_sent_at": _("Dernier envoi")},
        )
    )
    leave_out(
        "copies of what the request says, sent to a program of the académie and kept fifteen days", WebhookDelivery
    )
    register_erasure(
        erasable(
            Ticket,
            _("Demandes d'assistance closes"),
            "account__person",
            key="closed_tickets",
            state__in=DONE,
        )
    )


def _messages(person: Person) -> Iterable[Row]:
    rows = TicketMessage.objects.filter(ticket__account__person=person).exclude(audience=INTERNAL)
    for row in rows.select_related("ticket"):
        side = str(TicketMessage.Side(row.side).label)
        yield {"number": row.ticket.number, "at": row.created_at, "side": side, "text": row.text}
