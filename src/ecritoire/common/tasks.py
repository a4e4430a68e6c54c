"""Housekeeping of the jobs themselves: what a worker that died was at is taken up again, what is long over is forgotten."""

from __future__ import annotations

import logging

from procrastinate import JobContext
from procrastinate.builtin_tasks import remove_old_jobs
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

logger = logging.getLogger(__name__)
DEAD_SECONDS = 60
"""Without a sign of life; a worker gives one every ten seconds."""
ATTEMPTS = 5
"""A job that takes its worker along each time is left alone after these."""
DONE_HOURS, FAILED_HOURS = 7 * 24, 30 * 24


@app.periodic(cron="* * * * *")
@app.task(name="common.resume_jobs", queueing_lock="common-resume-jobs", pass_context=True)
async def resume_jobs(context: JobContext, timestamp: int) -> None:
    """The queue marks a job taken before it is done: without this, one whose worker was killed would never be done, and its lock never
    be free. A job may so run twice; none is lost."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_SECONDS):
        await _resume(manager, job)


async def _resume(manager: JobManager, job: Job) -> None:
    if job.attempts < ATTEMPTS and not await _is_replaced(manager, job):
        await manager.retry_job(job)
        return
    logger.error("job %s (%s) ended with its worker and is not tried again", job.id, job.task_name)
    await manager.finish_job(job, Status.FAILED, delete_job=False)


async def _is_replaced(manager: JobManager, job: Job) -> bool:
    """One like it waits already: of a periodic job, the next round."""
    if job.queueing_lock is None:
        return False
    return bool(list(await manager.list_jobs_async(queueing_lock=job.queueing_lock, status=Status.TODO.value)))


@app.periodic(cron="50 3 * * *")
@app.task(name="common.purge_jobs", queueing_lock="common-purge-jobs", pass_context=True)
async def purge_jobs(context: JobContext, timestamp: int) -> None:
    """Those that failed stay longer: somebody may want to know why."""
    await remove_old_jobs(context, max_hours=DONE_HOURS)
    await remove_old_jobs(
        context, max_hours=FAILED_HOURS, remove_failed=True, remove_cancelled=True, remove_aborted=True
    )
