"""Jobs outlive the worker that was at them."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from ecritoire.common.tasks import ATTEMPTS, purge_jobs, resume_jobs

pytestmark = pytest.mark.django_db
TASK = "common.purge_jobs"
CONTEXT: Any = SimpleNamespace(app=app)


def run(task: Any) -> None:
    async_to_sync(task.func)(CONTEXT, 0)


def taken(seconds: int, **values: object) -> int:
    """A job that a worker took, and whose last sign of life is so many seconds old. Returns its id."""
    job = app.configure_task(TASK, allow_unknown=False).defer(timestamp=0)
    with connection.cursor() as cursor:
        heartbeat = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", [heartbeat])
        worker = cursor.fetchone()[0]
    ProcrastinateJob.objects.filter(pk=job).update(**{"status": "doing", "worker_id": worker, **values})
    return job


def state(job: int) -> str:
    return str(ProcrastinateJob.objects.get(pk=job).status)


def test_it_works():
    dead, alive = taken(90), taken(5)
    run(resume_jobs)
    assert state(dead) == "todo"
    assert state(alive) == "doing"


def test_a_worker_nobody_remembers():
    job = taken(0, worker_id=None)
    run(resume_jobs)
    assert state(job) == "todo"


def test_one_that_kills_its_worker_each_time_is_left():
    job = taken(90, attempts=ATTEMPTS)
    run(resume_jobs)
    assert state(job) == "failed"


def test_the_next_round_takes_its_place():
    job = taken(90, queueing_lock="round")
    app.configure_task(TASK, queueing_lock="round").defer(timestamp=1)
    run(resume_jobs)
    assert state(job) == "failed"
    assert ProcrastinateJob.objects.filter(queueing_lock="round", status="todo").count() == 1


@pytest.mark.parametrize(
    ("status", "days", "stays"),
    [("succeeded", 6, True), ("succeeded", 8, False), ("failed", 29, True), ("failed", 31, False), ("todo", 400, True)],
)
def test_what_is_long_over_is_forgotten(status, days, stays):
    job = taken(0, status=status)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - %s * interval '1 day' WHERE job_id = %s", [days, job]
        )
    run(purge_jobs)
    assert ProcrastinateJob.objects.filter(pk=job).exists() is stays
