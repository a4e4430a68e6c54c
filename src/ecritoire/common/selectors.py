"""The audit log, read and verified."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from .models import AuditEvent
from .services import audit_digest


def audit_list(*, search: str = "") -> QuerySet[AuditEvent]:
    """Newest first; ``search`` looks into actor, action and target."""
    events = AuditEvent.objects.order_by("-id")
    if search:
        found = Q(actor__icontains=search) | Q(action__icontains=search) | Q(target__icontains=search)
        events = events.filter(found)
    return events


def audit_first_broken() -> AuditEvent | None:
    """The first event whose digest does not follow from the one before; None when the chain holds."""
    previous = ""
    for event in AuditEvent.objects.order_by("id").iterator(chunk_size=2000):
        if event.digest != audit_digest(previous=previous, event=event):
            return event
        previous = event.digest
    return None


def audit_happened(*, action: str, target: str, since: dt.datetime) -> bool:
    return AuditEvent.objects.filter(target=target, action=action, at__gt=since).exists()
