"""Writes of the forum."""

from .converting import ticket_from_topic, topic_to_article
from .erasing import member_forget, name_erase, votes_erase
from .following import follow_set, notices_clear, notices_give, notices_purge, subscription_set, told_leave
from .members import ForumRefused, conduct_accept, member_set
from .moderation import flag_decide, flag_raise, member_suspend, section_first, section_save, topic_merge, topic_set
from .splitting import topic_split
from .writing import (
    answer_accept,
    answer_write,
    post_delete,
    post_edit,
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
    "follow_set",
    "member_forget",
    "member_set",
    "member_suspend",
    "name_erase",
    "notices_clear",
    "notices_give",
    "notices_purge",
    "post_delete",
    "post_edit",
    "section_first",
    "section_save",
    "subscription_set",
    "ticket_from_topic",
    "told_leave",
    "topic_ask",
    "topic_merge",
    "topic_set",
    "topic_split",
    "topic_to_article",
    "vote_toggle",
    "votes_erase",
]
