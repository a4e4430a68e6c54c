"""What is done about each category of requests, said in the statistics."""

from __future__ import annotations

from django.db import transaction

from ecritoire.accounts.models import Account
from ecritoire.common.services import audit_record
from ecritoire.directory.models import Organisation

from .models import CorrectiveMeasure


def measures_of(organisation: Organisation) -> dict[str, str]:
    return dict(CorrectiveMeasure.objects.filter(organisation=organisation).values_list("kind", "text"))


def measures_save(*, organisation: Organisation, texts: dict[str, str], acting_user: Account) -> None:
    """``texts`` by category; an empty one removes the measure."""
    with transaction.atomic():
        known = measures_of(organisation)
        changed = sorted(kind for kind, text in texts.items() if text != known.get(kind, ""))
        for kind in changed:
            values = {"text": texts[kind]}
            if texts[kind]:
                CorrectiveMeasure.objects.update_or_create(organisation=organisation, kind=kind, defaults=values)
            else:
                CorrectiveMeasure.objects.filter(organisation=organisation, kind=kind).delete()
        if changed:
            audit_record(
                acting_user=acting_user,
                action="desk.measures",
                target=organisation.name,
                within=organisation.mail_domain,
                kinds=changed,
            )
