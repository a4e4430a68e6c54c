"""The self-check's inner half: store, jobs and clock as the application sees them. One JSON object on stdout."""

from __future__ import annotations

import imaplib
import json
import time
from collections.abc import Callable

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from ecritoire.accounts.selectors import probe_account
from ecritoire.mailstore.services import store_connect, store_open
from ecritoire.mailstore.services_rules import connections_cut
from ecritoire.mailstore.tasks import ping_job

JOB_SECONDS = 15
CLOCK_SECONDS = 2


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        checks: dict[str, Callable[[], str]] = {"jmap": jmap, "cut": cut, "jobs": jobs, "clock": clock}
        self.stdout.write(json.dumps({name: finding(check) for name, check in checks.items()}))


def finding(check: Callable[[], str]) -> dict[str, str]:
    try:
        return {"detail": check()}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def jmap() -> str:
    with store_open(account=probe_account()) as client:
        answer = client.call(("Mailbox/get", {"properties": ["role", "totalEmails"]}, "folders"))
    folders = answer["folders"]["list"]
    return f"{len(folders)} folders, {sum(folder['totalEmails'] for folder in folders)} messages"


def cut() -> str:
    """An open connection of the probe ends when the steward is asked to."""
    account = probe_account()
    connection = store_connect(account=account)
    connection.noop()  # the store notes whom a process serves once it has answered the sign-in
    count = connections_cut(store_id=account.store_id)
    try:
        left = connection.noop()[0] == "OK"
    except (OSError, imaplib.IMAP4.error):
        left = False
    connection.shutdown()
    if left:
        raise ValueError(f"an open connection outlived its revocation ({count} ended)")
    return f"{count} open connections ended"


def jobs() -> str:
    job_id, deadline = ping_job.defer(), time.monotonic() + JOB_SECONDS
    while time.monotonic() < deadline:
        job = ProcrastinateJob.objects.get(pk=job_id)
        if job.status == "succeeded":
            waiting = ProcrastinateJob.objects.filter(status="todo", scheduled_at__lt=timezone.now()).count()
            return f"a job was done; {waiting} late"
        time.sleep(0.05)
    raise TimeoutError(f"a job was not done within {JOB_SECONDS} s")


def clock() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        difference = abs((timezone.now() - cursor.fetchone()[0]).total_seconds())
    if difference > CLOCK_SECONDS:
        raise ValueError(f"the database's clock differs by {difference:.1f} s")
    return f"within {difference * 1000:.0f} ms of the database's"
