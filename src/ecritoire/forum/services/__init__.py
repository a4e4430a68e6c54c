"""Writes of the forum."""

from .converting import ticket_from_topic, topic_to_article
from .members import ForumRefused, conduct_accept, member_set
from .moderation import flag_decide, flag_raise, member_suspend, section_first, section_save, topic_merge, topic_set
from .writing import (
    answer_accept,
    answer_write,
    post_delete,
    post_edit,
    subscription_set,
    topic_ask,
    vote_toggle,
)

__all__ = [
    "ForumRefused",
    "answer_accept",
    "answer_write",
    "conduct_accept",
    "flag_decide",
    "flag_raise",
    "member_set",
    "member_suspend",
    "post_delete",
    "post_edit",
    "section_first",
    "section_save",
    "subscription_set",
    "ticket_from_topic",
    "topic_ask",
    "topic_merge",
    "topic_set",
    "topic_to_article",
    "vote_toggle",
]
