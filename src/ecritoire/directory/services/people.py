from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from ecritoire.directory.addresses import fold
from ecritoire.directory.models import Organisation, Person
from ecritoire.directory.signals import organisation_opened

from .addresses import addresses_allocate

FOREVER = dt.date(2000, 1, 1)  # the service itself needs no assignment


def organisation_ensure() -> Organisation:
    """The installation's own académie, as ``ecritoire.toml`` describes it."""
    said = {"name": settings.SITE_NAME, "theme": settings.SITE_THEME}
    if settings.CONFIG.sso.siret:
        said["siret"] = settings.CONFIG.sso.siret
    organisation, made = Organisation.objects.get_or_create(mail_domain=settings.MAIL_DOMAIN, defaults=said)
    if made:
        organisation_opened.send(sender=Organisation, organisation=organisation)
    elif any(getattr(organisation, name) != value for name, value in said.items()):
        for name, value in said.items():
            setattr(organisation, name, value)
        organisation.save(update_fields=[*said, "updated_at"])
    return organisation


def service_person_ensure(*, employee_number: str, given_name: str, family_name: str) -> Person:
    """A person who stands for the service itself, with an address; made once."""
    with transaction.atomic():
        person, made = Person.objects.get_or_create(
            organisation=organisation_ensure(),
            employee_number=employee_number,
            defaults={
                "given_name": given_name,
                "family_name": family_name,
                "category": Person.Category.ADMINISTRATIVE,
                "right_from": FOREVER,
                "search_name": fold(f"{given_name} {family_name}"),
            },
        )
        if made:
            addresses_allocate(people=[person])
    return person
