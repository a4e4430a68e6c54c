"""Housekeeping of the mail flow."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app


@app.periodic(cron="15 4 * * *")
@app.task(name="mailflow.purge_arrivals", queueing_lock="mailflow-purge-arrivals")
def purge_arrivals(timestamp: int) -> None:
    from .deliveries import arrivals_purge

    arrivals_purge()


@app.periodic(cron="* * * * * */20")
@app.task(name="mailflow.follow_log", queueing_lock="mailflow-follow-log", lock="mailflow-follow-log")
def follow_log(timestamp: int) -> None:
    """Costs the opening of a few files while nothing is new."""
    from .trace.following import log_follow

    log_follow(folder=settings.MAIL_LOG_DIR)


@app.periodic(cron="25 4 * * *")
@app.task(name="mailflow.purge_traces", queueing_lock="mailflow-purge-traces")
def purge_traces(timestamp: int) -> None:
    from .trace.services import traces_purge

    traces_purge()
