"""Who works where, since when and until when, and under which address."""

from .feed import (
    DoubtfulMatch,
    FeedChange,
    FeedMode,
    FeedRun,
    FeedSource,
    SourceRecord,
    SourceStructure,
    StagedEntry,
)
from .functional import Access, FunctionalGuest, FunctionalMailbox, FunctionalMember, FunctionalRule
from .organisation import MailDomain, Organisation, Structure
from .person import EmailAddress, Person
from .work import Assignment, Contract, Leave

__all__ = [
    "Access",
    "Assignment",
    "Contract",
    "DoubtfulMatch",
    "EmailAddress",
    "FeedChange",
    "FeedMode",
    "FeedRun",
    "FeedSource",
    "FunctionalGuest",
    "FunctionalMailbox",
    "FunctionalMember",
    "FunctionalRule",
    "Leave",
    "MailDomain",
    "Organisation",
    "Person",
    "SourceRecord",
    "SourceStructure",
    "StagedEntry",
    "Structure",
]
