"""Who works where, since when and until when, and under which address."""

from .feed import (
    DoubtfulMatch,
    FeedChange,
    FeedMode,
    FeedRun,
    FeedSource,
    FeedUpload,
    SourceRecord,
    SourceStructure,
    StagedEntry,
)
from .functional import Access, FunctionalGuest, FunctionalMailbox, FunctionalMember, FunctionalRule
from .organisation import Organisation, Structure
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
    "FeedUpload",
    "FunctionalGuest",
    "FunctionalMailbox",
    "FunctionalMember",
    "FunctionalRule",
    "Leave",
    "Organisation",
    "Person",
    "SourceRecord",
    "SourceStructure",
    "StagedEntry",
    "Structure",
]
