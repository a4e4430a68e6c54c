"""A job whose worker is gone is done by the next one: the queue would keep it taken for ever."""

from __future__ import annotations

import psycopg

from tests.end_to_end.conftest import wait_until

TAKEN = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) "
    "VALUES ('default', 'common.purge_jobs', '{\"timestamp\": 0}', 'doing') RETURNING id"
)
ROUND_SECONDS = 90


def test_it_works(site):
    with psycopg.connect(host=str(site.run("postgres")), dbname="ecritoire", user="ecritoire", autocommit=True) as base:
        ((job,),) = base.execute(TAKEN).fetchall()

        def is_done():
            return base.execute(
                "SELECT 1 FROM procrastinate_jobs WHERE id = %s AND status = 'succeeded'", [job]
            ).fetchone()

        wait_until(is_done, "the job", seconds=ROUND_SECONDS)
