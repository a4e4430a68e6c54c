"""What this room keeps about people: no key leads to them from here, their addresses do."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from ecritoire.directory.models import Person
from ecritoire.directory.personal_data import Part, Row, leave_out, register_part

from .models import MailInTransit, MailTrace
from .trace.selectors import traces_of_person


def register() -> None:
    register_part(
        Part(
            "mailflow.mailtrace",
            _("Suivi de vos messages"),
            {
                "at": _("Date"),
                "sender": _("De"),
                "recipient": _("À"),
                "message_id": "Message-ID",
                "status": _("État"),
                "dsn": _("Code"),
                "size": _("Octets"),
                "client": _("Serveur"),
            },
            _traces,
            (MailTrace,),
            _(
                "Ni l'objet ni le contenu des messages ne sont gardés ; ces lignes disparaissent au bout de quelques semaines."
            ),
        )
    )
    leave_out("what a message still in the queue will be told as in the trace, a few days at most", MailInTransit)


def _traces(person: Person) -> Iterable[Row]:
    for row in traces_of_person(person).order_by("pk").iterator(chunk_size=2000):
        yield {
            "at": row.at,
            "sender": row.sender,
            "recipient": row.recipient,
            "message_id": row.message_id,
            "status": row.get_status_display(),
            "dsn": row.dsn,
            "size": row.size,
            "client": row.client,
        }
