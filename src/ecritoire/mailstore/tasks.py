"""Jobs on mailboxes; each may run twice without harm."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ecritoire.accounts.selectors import account_by_store_id
from ecritoire.accounts.selectors.lifecycle import purge_due
from ecritoire.accounts.services.purging import PurgeRefused
from ecritoire.directory.services import functional_roll

from .ending import tasks as ending
from .selectors_functional import empty_due, made_ids
from .services import mailbox_create
from .services_functional import functional_empty, functional_follow
from .services_purge import account_purge
from .services_rules import connections_cut

__all__ = ["ending"]
TOKENS_OVER_SECONDS = 75  # a token lives one minute


@app.task(name="mailstore.mailbox_create", retry=RetryStrategy(max_attempts=20, exponential_wait=2))
def mailbox_create_job(*, store_id: str) -> None:
    mailbox_create(account=account_by_store_id(store_id))


@app.task(name="mailstore.connections_cut", retry=RetryStrategy(max_attempts=20, exponential_wait=2))
def connections_cut_job(*, store_id: str) -> None:
    connections_cut(store_id=store_id)


@app.periodic(cron="37 2 * * *")
@app.task(name="mailstore.purge_due", queueing_lock="mailstore.purge_due")
def purge_due_job(timestamp: int) -> None:
    for account in purge_due(today=timezone.localdate()).iterator(chunk_size=1000):
        purge_job.configure(lock=f"purge:{account.pk}").defer(account_id=account.pk)


@app.task(name="mailstore.purge", retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def purge_job(*, account_id: int) -> None:
    """A hold or a right that came meanwhile stops it without a fuss."""
    account = purge_due(today=timezone.localdate()).filter(pk=account_id).first()
    if account is not None:
        try:
            account_purge(account=account, acting_user=None)
        except PurgeRefused:
            return


@app.task(name="mailstore.ping")
def ping_job() -> None:
    """Does nothing: the self-check sees whether jobs get done."""


@app.task(name="mailstore.functional_follow", retry=RetryStrategy(max_attempts=20, exponential_wait=2))
def functional_follow_job(*, mailbox_id: int) -> None:
    functional_follow(mailbox_id=mailbox_id)


def functional_follow_defer(mailbox_id: int) -> None:
    """One at a time for each mailbox: the last to run sees the last members."""
    functional_follow_job.configure(lock=f"functional:{mailbox_id}").defer(mailbox_id=mailbox_id)


@app.periodic(cron="9 * * * *")
@app.task(name="mailstore.functional_roll")
def functional_roll_job(timestamp: int) -> None:
    """Every hour, so that a day begins for members soon after midnight, here or overseas."""
    functional_roll(today=timezone.localdate())


@app.periodic(cron="41 2 * * *")
@app.task(name="mailstore.functional_check")
def functional_check_job(timestamp: int) -> None:
    """Every night, what members did to the folders themselves is made right."""
    for mailbox_id in made_ids():
        functional_follow_defer(mailbox_id)


@app.periodic(cron="47 2 * * *")
@app.task(name="mailstore.functional_empty_due", queueing_lock="mailstore.functional_empty_due")
def functional_empty_due_job(timestamp: int) -> None:
    for mailbox in empty_due(today=timezone.localdate()):
        functional_empty_job.configure(lock=f"functional:{mailbox.pk}").defer(mailbox_id=mailbox.pk)


@app.task(name="mailstore.functional_empty", retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def functional_empty_job(*, mailbox_id: int) -> None:
    """Reopened meanwhile, it keeps its mail."""
    mailbox = empty_due(today=timezone.localdate()).filter(pk=mailbox_id).first()
    if mailbox is not None:
        functional_empty(mailbox=mailbox)


from .export import tasks as export_tasks  # noqa: E402, F401 - where the worker looks for jobs
