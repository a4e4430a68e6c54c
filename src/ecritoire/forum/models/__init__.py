"""The forum's tables."""

from .discussion import Post, PostVersion, Section, Topic, Vote, Word
from .people import Flag, Follow, Member, Notice, Subscription

__all__ = [
    "Flag",
    "Follow",
    "Member",
    "Notice",
    "Post",
    "PostVersion",
    "Section",
    "Subscription",
    "Topic",
    "Vote",
    "Word",
]
