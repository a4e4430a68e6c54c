"""Housekeeping of the mail flow."""

from __future__ import annotations

from django.conf import settings
from procrastinate import JobContext
from procrastinate.builtin_tasks import remove_old_jobs
from procrastinate.contrib.django import app

MAIL_LOG = "mail-log"


@app.periodic(cron="15 4 * * *")
@app.task(name="mailflow.purge_arrivals", queueing_lock="mailflow-purge-arrivals")
def purge_arrivals(timestamp: int) -> None:
    from .deliveries import arrivals_purge

    arrivals_purge()


@app.periodic(cron="* * * * * */10")
@app.task(name="mailflow.follow_log", queue=MAIL_LOG, queueing_lock="mailflow-follow-log")
def follow_log(timestamp: int) -> None:
    """Costs the opening of a few files while nothing is new. The reader has a lock of its own, which dies with it: a job's would keep
    the next ones waiting after a kill."""
    from .trace.following import log_follow

    log_follow(folder=settings.MAIL_LOG_DIR)


@app.periodic(cron="27 * * * *")
@app.task(name="mailflow.purge_readings", queueing_lock="mailflow-purge-readings", pass_context=True)
async def purge_readings(context: JobContext, timestamp: int) -> None:
    """Six jobs a minute: those that are done go within the hour."""
    await remove_old_jobs(context, max_hours=1, queue=MAIL_LOG)


@app.periodic(cron="25 4 * * *")
@app.task(name="mailflow.purge_traces", queueing_lock="mailflow-purge-traces")
def purge_traces(timestamp: int) -> None:
    from .trace.services import traces_purge

    traces_purge()
