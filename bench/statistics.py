"""The statistics of the desk among half a million requests, beside the bare SQL of one pass over the same rows.

``.venv/bin/python -m bench.statistics [--count 500000]`` as root, after ``./ecritoire up --demo``: the database, the requests and the way to ask are
those of ``bench.tickets``, without the messages, which no figure reads. The control counts the period by type, line, channel and hour, which no page can do without.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from typing import Any

from .common import in_turn, show
from .feed import _database, _processor
from .tickets import COUNT, _bare, _make

ROUNDS = 5
PAGE = "/assistance/statistiques/"
CONTROL = (
    "SELECT kind, queue_id, channel, extract(hour FROM created_at), count(*) FROM support_ticket "
    "WHERE organisation_id = %s AND created_at >= now() - %s * interval '1 day' GROUP BY 1, 2, 3, 4"
)
AIMS = {"30 days": "under 400 ms", "90 days": "under 600 ms", "three years": "under 1500 ms"}
PERIODS = {"30 days": ("30", 30), "90 days": ("90", 90), "three years": ("free", 1095)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    options = parser.parse_args()
    print(f"load of the machine at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with _database():
        agent, organisation = _make(options.count, said=False)
        _measure(agent, organisation)
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")


def _measure(agent: Any, organisation: int) -> None:
    import datetime as dt

    from django.conf import settings
    from django.test import Client

    from ecritoire.accounts.models import TotpFactor

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    TotpFactor.objects.create(account=agent, secret="x")
    browser = Client(HTTP_HOST="localhost", HTTP_X_REAL_IP="127.0.0.1")
    browser.force_login(agent)
    today = dt.date.today()
    for what, (name, days) in PERIODS.items():
        asked = {"period": name, "first": str(today - dt.timedelta(days=days - 1)), "last": str(today)}

        def page(asked: dict[str, str] = asked) -> Any:
            answer = browser.get(PAGE, asked, secure=True)
            assert answer.status_code == 200, answer
            assert not answer.context or not answer.context["form"].errors
            return answer

        bare = _bare(CONTROL, [organisation, days])
        show(f"statistics of {what}", *in_turn(page, bare, ROUNDS), "ms", AIMS[what])
        spent, control = _spent(page), _spent(bare)
        print(f"  processor: {spent[0]:.0f} ms ours, {spent[1]:.0f} ms the database's; control {control[1]:.0f} ms")


def _spent(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of processor a round, of this process and of its backend, which then has no helpers: what a loaded machine does not blur."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        start = _processor()
        for _ in range(ROUNDS):
            work()
        end = _processor()
        cursor.execute("RESET max_parallel_workers_per_gather")
    ours, database = ((after - before) * 1000 / ROUNDS for before, after in zip(start, end, strict=True))
    return ours, database


if __name__ == "__main__":
    main()
