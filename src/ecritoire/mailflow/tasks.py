"""Housekeeping of the mail flow."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.periodic(cron="15 4 * * *")
@app.task(name="mailflow.purge_arrivals", queueing_lock="mailflow-purge-arrivals")
def purge_arrivals(timestamp: int) -> None:
    from .deliveries import arrivals_purge

    arrivals_purge()
