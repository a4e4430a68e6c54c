"""Parts of the desk's pages that bring their own form, so that the page's view need not know of them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from ecritoire.support.models import Ticket
from ecritoire.support.settings_forms import MoveForm

register = template.Library()


@register.inclusion_tag("support/_move.html", takes_context=True)
def line_mover(context: dict[str, Any], ticket: Ticket) -> dict[str, Any]:
    """The form that puts a request in another line; nothing when the académie has no line."""
    form = MoveForm(prefix="move", organisation_id=ticket.organisation_id, initial={"queue": ticket.queue_id})
    has_lines = len(form.fields["queue"].choices) > 1  # type: ignore[attr-defined]
    return {"form": form, "ticket": ticket, "has_lines": has_lines, "csrf_token": context.get("csrf_token")}


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
