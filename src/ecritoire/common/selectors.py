"""The audit log, read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from .models import AuditEvent


@dataclass(frozen=True)
class AuditFilters:
    """What the journal is narrowed to; an empty value asks nothing. ``about`` and ``actor`` are parts of a login."""

    search: str = ""
    actor: str = ""
    about: str = ""
    action: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


def audit_list(filters: AuditFilters | None = None) -> QuerySet[AuditEvent]:
    """Newest first; ``search`` looks into actor, action and target."""
    events, asked = AuditEvent.objects.order_by("-id"), filters or AuditFilters()
    if asked.search:
        words = asked.search
        events = events.filter(Q(actor__icontains=words) | Q(action__icontains=words) | Q(target__icontains=words))
    if asked.actor:
        events = events.filter(actor__istartswith=asked.actor)
    if asked.about:
        events = events.filter(target__istartswith=asked.about)
    if asked.action:
        events = events.filter(action=asked.action)
    if asked.since:
        events = events.filter(at__gte=_midnight(asked.since))
    if asked.until:
        events = events.filter(at__lt=_midnight(asked.until + dt.timedelta(days=1)))
    return events


def audit_happened(*, action: str, target: str, since: dt.datetime) -> bool:
    return AuditEvent.objects.filter(target=target, action=action, at__gt=since).exists()


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def audit_about(*, logins: Sequence[str]) -> QuerySet[AuditEvent]:
    """What was done to the account that has or had ``logins``, newest first."""
    return AuditEvent.objects.filter(target__in=logins).order_by("-at")


def audit_actions() -> list[str]:
    """The kinds of act the journal knows, found by hops through the index rather than by reading every entry."""
    query = """WITH RECURSIVE hop AS (
        (SELECT action FROM common_auditevent ORDER BY action LIMIT 1)
        UNION ALL
        SELECT (SELECT action FROM common_auditevent WHERE action > hop.action ORDER BY action LIMIT 1)
        FROM hop WHERE hop.action IS NOT NULL
    ) SELECT action FROM hop WHERE action IS NOT NULL"""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]
