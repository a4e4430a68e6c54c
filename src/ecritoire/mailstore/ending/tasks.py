"""The automatic answer follows the account: at each step of its life, and every night."""

from __future__ import annotations

from django.db.models import Q
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ecritoire.accounts.lifecycle import State
from ecritoire.accounts.models import Account

from .absence import absence_follow


@app.task(name="mailstore.absence_follow", retry=RetryStrategy(max_attempts=20, exponential_wait=2))
def absence_follow_job(*, account_id: int) -> None:
    account = Account.objects.select_related("person__organisation", "absence").get(pk=account_id)
    if account.is_activated:
        absence_follow(account=account)


@app.periodic(cron="7 3 * * *")
@app.task(name="mailstore.absences_follow", queueing_lock="mailstore.absences_follow")
def absences_follow_job(timestamp: int) -> None:
    """A date that moved, rules rewritten meanwhile: each is looked at by a job of its own."""
    followed = Account.objects.filter(Q(state=State.ENDING) | Q(state=State.ACTIVATED, absence__isnull=False))
    for pk in followed.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=1000):
        absence_follow_job.configure(lock=f"absence:{pk}").defer(account_id=pk)
