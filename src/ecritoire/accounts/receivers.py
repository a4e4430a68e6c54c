"""What happens here when a room below says something."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from ecritoire.common.services import Actor
from ecritoire.directory.models import Organisation, Person
from ecritoire.directory.signals import organisation_opened, people_assigned, rights_changed

from .models import Account, TrustedFamily
from .signals import access_revoked


@receiver(people_assigned)
def provision(people: list[Person], acting_user: Actor | None, **kwargs: Any) -> None:
    from .services import accounts_provision

    accounts_provision(people=people, acting_user=acting_user)


@receiver(rights_changed)
def follow_rights(person_ids: list[int], **kwargs: Any) -> None:
    from .services.lifecycle import accounts_follow

    accounts_follow(person_ids=person_ids)


@receiver(organisation_opened)
def trust_what_others_trust(organisation: Organisation, **kwargs: Any) -> None:
    """A new académie starts with the mail applications the installation trusts; it goes on as it decides."""
    shared = TrustedFamily.objects.filter(organisation=None)
    TrustedFamily.objects.bulk_create(
        TrustedFamily(organisation=organisation, family=row.family, population=row.population) for row in shared
    )


@receiver(access_revoked)
def forget_trusted_devices(account: Account, **kwargs: Any) -> None:
    account.trusted_devices.all().delete()
