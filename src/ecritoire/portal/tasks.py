"""Telling services that a session has ended, and tidying up."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from oauth2_provider.models import clear_expired
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from .models import ServiceSession
from .sso.logout import logout_send
from .sso.sessions import abandoned_sessions, service_sessions_end

KEPT = dt.timedelta(days=365)


@app.task(name="portal.send_logout", retry=RetryStrategy(max_attempts=6, exponential_wait=3))
def send_logout(*, service_session_id: int) -> None:
    """Again when the service does not answer: it may be restarting."""
    session = ServiceSession.objects.select_related("service", "account").get(pk=service_session_id)
    logout_send(session=session)


@app.periodic(cron="*/5 * * * *")
@app.task(name="portal.close_abandoned", queueing_lock="portal.close_abandoned")
def close_abandoned(timestamp: int) -> None:
    """A web session that ran out takes its service sessions with it."""
    service_sessions_end(sessions=abandoned_sessions())


@app.periodic(cron="17 3 * * *")
@app.task(name="portal.tidy", queueing_lock="portal.tidy")
def tidy(timestamp: int) -> None:
    """Old sessions and expired tokens: kept no longer than the sign-in history."""
    ServiceSession.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()
    clear_expired()
