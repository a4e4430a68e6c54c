"""Jobs on mailboxes; each may run twice without harm."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ecritoire.accounts.selectors import account_by_store_id

from .services import mailbox_create
from .services_rules import connections_cut

TOKENS_OVER_SECONDS = 75  # a token lives one minute


@app.task(name="mailstore.mailbox_create", retry=RetryStrategy(max_attempts=20, exponential_wait=2))
def mailbox_create_job(*, store_id: str) -> None:
    mailbox_create(account=account_by_store_id(store_id))


@app.task(name="mailstore.connections_cut", retry=RetryStrategy(max_attempts=20, exponential_wait=2))
def connections_cut_job(*, store_id: str) -> None:
    connections_cut(store_id=store_id)


@app.task(name="mailstore.ping")
def ping_job() -> None:
    """Does nothing: the self-check sees whether jobs get done."""


from .export import tasks as export_tasks  # noqa: E402, F401 - where the worker looks for jobs
