"""Feeds that arrive by themselves, and those too large for a page to wait for."""

from __future__ import annotations

from dataclasses import dataclass

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from .models import FeedRun
from .services import RunRefused, SourceBusy, differences_purge, run_apply, runs_recover
from .services.uploads import upload_read
from .services.watching import folders_watch

BUSY = RetryStrategy(max_attempts=30, wait=10, retry_exceptions=[SourceBusy])


@dataclass(frozen=True)
class By:
    """Who asked, once their page is gone."""

    login: str


@app.periodic(cron="* * * * *")
@app.task(name="directory.feeds_watch", queueing_lock="directory.feeds_watch", lock="directory.feeds_watch")
def feeds_watch(timestamp: int) -> None:
    """Runs cut short go on; then the watched folders are emptied."""
    runs_recover()
    folders_watch()


@app.periodic(cron="27 3 * * *")
@app.task(name="directory.differences_purge", queueing_lock="directory.differences_purge")
def differences_purge_job(timestamp: int) -> None:
    differences_purge()


@app.task(name="directory.feed_read", retry=BUSY)
def feed_read(*, run_id: int) -> None:
    upload_read(run=FeedRun.objects.select_related("source__organisation").get(pk=run_id))


@app.task(name="directory.feed_apply", retry=BUSY)
def feed_apply(*, run_id: int, login: str, confirmed: bool) -> None:
    run = FeedRun.objects.select_related("source__organisation").get(pk=run_id)
    try:
        run_apply(run=run, acting_user=By(login), confirmed=confirmed)
    except RunRefused:
        return  # somebody, or a newer file, was quicker
