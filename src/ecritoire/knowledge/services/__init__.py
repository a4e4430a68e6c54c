"""Writes of the knowledge room."""

from .articles import (
    article_change,
    article_create,
    publish_due,
    version_publish,
    version_refuse,
    version_save,
    version_submit,
    withdraw,
)
from .opinions import opinion_give, query_note
from .proposals import proposal_dismiss, proposal_take, proposals_find

__all__ = [
    "article_change",
    "article_create",
    "opinion_give",
    "proposal_dismiss",
    "proposal_take",
    "proposals_find",
    "publish_due",
    "query_note",
    "version_publish",
    "version_refuse",
    "version_save",
    "version_submit",
    "withdraw",
]
