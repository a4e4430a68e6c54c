"""A mailbox is made when its owner has activated their account, and cut off when their accesses are revoked."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from ecritoire.accounts.lifecycle import Event
from ecritoire.accounts.models import Account, AccountTransition
from ecritoire.accounts.signals import access_revoked, account_activated, account_moved, app_password_revoked


@receiver(account_activated)
def make_mailbox(account: Account, **kwargs: Any) -> None:
    from .tasks import mailbox_create_job

    mailbox_create_job.defer(store_id=account.store_id)


@receiver([access_revoked, app_password_revoked])
def cut_connections(account: Account, **kwargs: Any) -> None:
    """After commit, since a job is: at once, and again when the last token given before has run out.

    Applications that keep their secret sign in again by themselves.
    """
    from .tasks import TOKENS_OVER_SECONDS, connections_cut_job

    connections_cut_job.defer(store_id=account.store_id)
    connections_cut_job.configure(schedule_in={"seconds": TOKENS_OVER_SECONDS}).defer(store_id=account.store_id)


FOLLOWED = {Event.END, Event.EXTEND, Event.RENEW, Event.RESTORE, Event.RESUME}


@receiver(account_moved)
def follow_absence(account: Account, transition: AccountTransition, **kwargs: Any) -> None:
    from .ending.tasks import absence_follow_job

    if transition.event in FOLLOWED:
        absence_follow_job.defer(account_id=account.pk)
