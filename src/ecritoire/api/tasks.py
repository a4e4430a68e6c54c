"""What is forgotten by itself."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from procrastinate.contrib.django import app

KEPT = dt.timedelta(days=1)


@app.periodic(cron="25 * * * *")
@app.task(name="api.forget_answers", queueing_lock="api-forget-answers")
def forget_answers(timestamp: int) -> None:
    """Nobody repeats a call after a day."""
    from .models import KeptAnswer

    KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
