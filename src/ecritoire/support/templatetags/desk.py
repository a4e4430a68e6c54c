"""Parts of the desk's pages that work out what they show."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from ecritoire.support.models import Ticket

register = template.Library()


@register.inclusion_tag("support/_due.html")
def due_badge(ticket: Ticket) -> dict[str, Any]:
    """« répondre avant… », « dépassé de… »: nothing while the clock stands."""
    now, due = timezone.now(), ticket.due_at if ticket.is_open else None
    return {
        "due_at": due,
        "is_late": bool(due and due <= now),
        "is_soon": bool(ticket.warn_at and ticket.warn_at <= now),
        "answered": bool(ticket.first_answered_at),
    }
