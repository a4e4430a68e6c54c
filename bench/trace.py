"""``python -m bench.trace``: a mail log of a million lines read into the trace, beside reading its lines and doing nothing with them.

Written to the database within a transaction, then undone.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecritoire.settings")
django.setup()

from django.db import transaction  # noqa: E402

from ecritoire.directory.services import organisation_ensure  # noqa: E402
from ecritoire.mailflow.models import MailTrace  # noqa: E402
from ecritoire.mailflow.tests import trace_log as log  # noqa: E402
from ecritoire.mailflow.trace.following import NAME, log_follow  # noqa: E402

LINES = 1_000_000
STAMP = "Nov 30 02:28:36"


def write(path: Path) -> int:
    """A quarter each: received, sent, refused by the partner, refused at the door."""
    domain, written, rank = organisation_ensure().mail_domain, 0, 0
    with path.open("w") as file:
        while written < LINES:
            queue_id, rank = f"4jd7z{rank:09d}", rank + 1
            text = log.stamped(*_message(rank, queue_id, f"p{rank % 9_000}@{domain}"), at=STAMP)
            file.write(text)
            written += text.count("\n")
    return written


def _message(rank: int, queue_id: str, ours: str) -> list[str]:
    theirs = f"p{rank}@partenaire.test"
    kinds = (
        [*log.opened(queue_id, theirs), log.sent_in(queue_id, ours), log.removed(queue_id)],
        [*log.submitted(queue_id, ours), log.sent_out(queue_id, theirs), log.removed(queue_id)],
        [*log.submitted(queue_id, ours), log.bounced(queue_id, theirs), log.removed(queue_id)],
        [f"{log.HOST}/smtpd[1]: connect from unknown[192.0.2.7]", log.refused(theirs, ours)],
    )
    return kinds[rank % len(kinds)]


def bare(path: Path) -> int:
    with path.open(encoding="utf-8") as file:
        return sum(1 for _line in file)


def run() -> None:
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        path = Path(folder) / NAME
        lines = write(path)
        start = time.perf_counter()
        bare(path)
        control = time.perf_counter() - start
        before, start = MailTrace.objects.count(), time.perf_counter()
        while log_follow(folder=Path(folder)):
            pass
        spent = time.perf_counter() - start
        rows = MailTrace.objects.count() - before
        transaction.set_rollback(True)
    print(f"{lines} lines, {rows} rows: {lines / spent:,.0f} lines/s; bare reading {lines / control:,.0f} lines/s")


if __name__ == "__main__":
    run()
