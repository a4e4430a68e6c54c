"""A death declared by the DSI before HR says so, or taken back when it was a mistake."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import Person
from ecritoire.directory.signals import rights_changed


def death_declare(*, person: Person, on: dt.date, acting_user: Actor) -> None:
    """From now on the person has no right; the rooms above are told."""
    _set(person, on, "person.death", acting_user)


def death_withdraw(*, person: Person, acting_user: Actor, reason: str) -> None:
    _set(person, None, "person.death_withdraw", acting_user, reason=reason)


def _set(person: Person, on: dt.date | None, action: str, acting_user: Actor, **detail: str) -> None:
    with transaction.atomic():
        person.deceased_on = on
        person.save(update_fields=["deceased_on"])
        day = on.isoformat() if on else ""
        audit_record(acting_user=acting_user, action=action, target=str(person), person=person.pk, on=day, **detail)
        rights_changed.send(sender=Person, person_ids=[person.pk])


def private_details_forget(*, person: Person) -> None:
    """The private address, once nobody will be written to any more."""
    if person.private_email:
        person.private_email = ""
        person.save(update_fields=["private_email"])
