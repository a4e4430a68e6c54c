"""What happens here when a room below says something."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from ecritoire.accounts.lifecycle import Event
from ecritoire.accounts.models import Account, AccountTransition
from ecritoire.accounts.signals import account_moved

from .models import Signature


@receiver(account_moved)
def forget_signature(account: Account, transition: AccountTransition, **kwargs: Any) -> None:
    if transition.event == Event.PURGE:
        Signature.objects.filter(account=account).delete()
