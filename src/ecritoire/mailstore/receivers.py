"""A mailbox is made when its owner has activated their account."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from ecritoire.accounts.models import Account
from ecritoire.accounts.signals import account_activated


@receiver(account_activated)
def make_mailbox(account: Account, **kwargs: Any) -> None:
    from .tasks import mailbox_create_job

    mailbox_create_job.defer(store_id=account.store_id)
