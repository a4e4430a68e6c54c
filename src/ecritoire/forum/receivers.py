"""What happens here when a room below says something."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from ecritoire.accounts.lifecycle import Event
from ecritoire.accounts.models import Account, AccountTransition
from ecritoire.accounts.signals import account_moved

from .services import member_forget


@receiver(account_moved)
def forget_purged(account: Account, transition: AccountTransition, **kwargs: Any) -> None:
    if transition.event == Event.PURGE:
        member_forget(account.person)
