"""What happens here when a room below says something."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from ecritoire.common.services import Actor
from ecritoire.directory.models import EmailAddress, Person
from ecritoire.directory.signals import people_assigned, primary_address_changed, rights_changed

from .lifecycle import Event
from .models import Account, AccountTransition
from .signals import access_revoked, account_moved


@receiver(people_assigned)
def provision(people: list[Person], acting_user: Actor | None, **kwargs: Any) -> None:
    from .services import accounts_provision

    accounts_provision(people=people, acting_user=acting_user)


@receiver(rights_changed)
def follow_rights(person_ids: list[int], **kwargs: Any) -> None:
    from .services.lifecycle import accounts_follow

    accounts_follow(person_ids=person_ids)


@receiver(primary_address_changed)
def follow_name(person: Person, old: EmailAddress, new: EmailAddress, **kwargs: Any) -> None:
    from .services.renaming import login_follow

    login_follow(person=person, old=old.address, new=new.address)


@receiver(access_revoked)
def forget_trusted_devices(account: Account, **kwargs: Any) -> None:
    account.trusted_devices.all().delete()


@receiver(account_moved)
def tell_reopened(account: Account, transition: AccountTransition, **kwargs: Any) -> None:
    from .tasks.lifecycle import send_reopened

    if transition.event == Event.RESTORE and account.is_activated:
        send_reopened.defer(account_id=account.pk)
