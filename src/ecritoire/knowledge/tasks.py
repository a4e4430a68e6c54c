"""Jobs of the knowledge room; each may run twice without harm."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(name="knowledge.publish_due")
def publish_due_job(timestamp: int) -> None:
    from .services import publish_due

    publish_due()


@app.periodic(cron="45 4 * * *")
@app.task(name="knowledge.proposals_find")
def proposals_find_job(timestamp: int) -> None:
    from ecritoire.directory.models import Organisation

    from .services import proposals_find

    for organisation in Organisation.objects.all():
        proposals_find(organisation=organisation)


@app.periodic(cron="55 4 * * *")
@app.task(name="knowledge.films_sweep")
def films_sweep_job(timestamp: int) -> None:
    from .services.films import films_sweep

    films_sweep()


@app.periodic(cron="15 7 * * 1")
@app.task(name="knowledge.review_reminders")
def review_reminders_job(timestamp: int) -> None:
    from .reminders import reminders_send

    reminders_send()
