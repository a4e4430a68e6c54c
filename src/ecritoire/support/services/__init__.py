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
from .lines import ticket_hand_over, ticket_move
from .opening import FLOOD_MESSAGES, OPEN_EACH, UNKNOWN_DAILY, facts_purge, ticket_for_help, ticket_open

__all__ = [
    "FLOOD_MESSAGES",
    "OPEN_EACH",
    "UNKNOWN_DAILY",
    "facts_purge",
    "ticket_answer",
    "ticket_classify",
    "ticket_for_help",
    "ticket_hand_over",
    "ticket_move",
    "ticket_note",
    "ticket_open",
    "ticket_relay",
    "ticket_settle",
    "ticket_take",
    "ticket_tell",
    "ticket_write",
]
