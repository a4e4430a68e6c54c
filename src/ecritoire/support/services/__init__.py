"""Writes of the help desk on one request."""

from .answering import (
    ticket_answer,
    ticket_note,
    ticket_relay,
    ticket_settle,
    ticket_take,
    ticket_tell,
    ticket_write,
)
from .classifying import KEPT, ticket_classify
from .closing import satisfaction_give, ticket_reopen, tickets_close, tickets_remind
from .collisions import SaidMeanwhile, ticket_answer_after
from .handling import ticket_assign
from .lines import ticket_hand_over, ticket_move
from .merging import Impossible, ticket_link, ticket_merge, ticket_split, ticket_unlink, ticket_unmerge
from .opening import FLOOD_MESSAGES, OPEN_EACH, UNKNOWN_DAILY, ticket_for_help, ticket_open, unknown_today
from .watching import watcher_add, watcher_remove

__all__ = [
    "FLOOD_MESSAGES",
    "KEPT",
    "OPEN_EACH",
    "UNKNOWN_DAILY",
    "Impossible",
    "SaidMeanwhile",
    "satisfaction_give",
    "ticket_answer",
    "ticket_answer_after",
    "ticket_assign",
    "ticket_classify",
    "ticket_for_help",
    "ticket_hand_over",
    "ticket_link",
    "ticket_merge",
    "ticket_move",
    "ticket_note",
    "ticket_open",
    "ticket_relay",
    "ticket_reopen",
    "ticket_settle",
    "ticket_split",
    "ticket_take",
    "ticket_tell",
    "ticket_unlink",
    "ticket_unmerge",
    "ticket_write",
    "tickets_close",
    "tickets_remind",
    "unknown_today",
    "watcher_add",
    "watcher_remove",
]
