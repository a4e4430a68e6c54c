"""Writes of the help desk on one request."""

from .answering import (
    ticket_answer,
    ticket_classify,
    ticket_note,
    ticket_relay,
    ticket_settle,
    ticket_take,
    ticket_tell,
    ticket_write,
)
from .opening import (
    FLOOD_MESSAGES,
    OPEN_EACH,
    PRIORITIES,
    UNKNOWN_DAILY,
    facts_purge,
    ticket_for_help,
    ticket_open,
    unknown_today,
)

__all__ = [
    "FLOOD_MESSAGES",
    "OPEN_EACH",
    "PRIORITIES",
    "UNKNOWN_DAILY",
    "facts_purge",
    "ticket_answer",
    "ticket_classify",
    "ticket_for_help",
    "ticket_note",
    "ticket_open",
    "ticket_relay",
    "ticket_settle",
    "ticket_take",
    "ticket_tell",
    "ticket_write",
    "unknown_today",
]
