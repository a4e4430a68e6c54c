"""A mailbox is made when its owner has activated their account, and cut off when their accesses are revoked; a shared one
follows its members."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from ecritoire.accounts.lifecycle import OPEN, Event
from ecritoire.accounts.models import Account, AccountTransition
from ecritoire.accounts.signals import access_revoked, account_activated, account_moved, app_password_revoked
from ecritoire.directory.signals import functional_members_changed


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


@receiver(functional_members_changed)
def follow_members(mailbox_ids: list[int], **kwargs: Any) -> None:
    """Only where the store has something to change: a first import brings thousands of members nobody of whom signs in yet."""
    from .selectors_functional import to_follow
    from .tasks import functional_follow_defer

    for mailbox_id in to_follow(mailbox_ids):
        functional_follow_defer(mailbox_id)


@receiver(account_moved)
def follow_account(account: Account, transition: AccountTransition, **kwargs: Any) -> None:
    """Whoever may not sign in, or has another mailbox after a purge, is no longer named in the shared ones."""
    from .selectors_functional import shared_with
    from .tasks import functional_follow_defer

    if (transition.from_state in OPEN) == (transition.to_state in OPEN):
        return
    for mailbox_id in shared_with(account.person_id):
        functional_follow_defer(mailbox_id)


@receiver(access_revoked)
def withdraw_exports(account: Account, **kwargs: Any) -> None:
    from .export.services import exports_withdraw

    exports_withdraw(account=account)


@receiver(account_moved)
def withdraw_exports_of_purged(account: Account, transition: AccountTransition, **kwargs: Any) -> None:
    """A purge leaves no copy behind, but for what the DSI is handing over."""
    from .export.services import exports_withdraw

    if transition.event == Event.PURGE:
        exports_withdraw(account=account)
