"""The académies of an installation: made and changed from the console of whoever looks after it, or on the machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import MailDomain, Organisation
from ecritoire.directory.signals import organisation_opened

FIELDS = (
    "name",
    "short_name",
    "host",
    "theme",
    "accent",
    "accent_dark",
    "siret",
    "support_phone",
    "support_hours",
    "support_address",
    "dsi_address",
)


def academy_save(
    *, mail_domain: str, values: Mapping[str, Any], acting_user: Actor | None
) -> tuple[Organisation, bool]:
    """Make the académie of ``mail_domain``, or bring it to ``values``; again: nothing changes. Returns it, and whether it is new."""
    with transaction.atomic():
        organisation, made = Organisation.objects.get_or_create(
            mail_domain=mail_domain, defaults={name: values[name] for name in FIELDS if name in values}
        )
        changed = [name for name in FIELDS if name in values and getattr(organisation, name) != values[name]]
        if "more_domains" in values and _domains_set(organisation, values["more_domains"]):
            changed.append("more_domains")
        if changed and not made:
            for name in set(changed) & set(FIELDS):
                setattr(organisation, name, values[name])
            organisation.save()
        if made or changed:
            action = "academy.create" if made else "academy.update"
            audit_record(acting_user=acting_user, action=action, target=mail_domain, within="", changed=changed)
        if made:
            organisation_opened.send(sender=Organisation, organisation=organisation)
    return organisation, made


def _domains_set(organisation: Organisation, wanted: list[str]) -> bool:
    known = set(organisation.more_domains.values_list("domain", flat=True))
    organisation.more_domains.filter(domain__in=known - set(wanted)).delete()
    for domain in sorted(set(wanted) - known):
        MailDomain.objects.create(organisation=organisation, domain=domain)
    return known != set(wanted)
