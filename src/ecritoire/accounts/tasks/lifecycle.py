"""The daily step of every account's life."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app


@app.periodic(cron="7 2 * * *")
@app.task(name="accounts.lifecycle_advance")
def lifecycle_advance(timestamp: int) -> None:
    from ecritoire.accounts.services.lifecycle import accounts_advance
    from ecritoire.directory.services import rights_roll

    rights_roll(today=timezone.localdate())
    accounts_advance()
