"""Who works where, since when and until when, and under which address."""

from .feed import DoubtfulMatch, FeedChange, FeedMode, FeedRun, FeedSource, SourceRecord, SourceStructure, StagedEntry
from .organisation import Organisation, Structure
from .person import EmailAddress, Person
from .work import Assignment, Contract, Leave

__all__ = [
    "Assignment",
    "Contract",
    "DoubtfulMatch",
    "EmailAddress",
    "FeedChange",
    "FeedMode",
    "FeedRun",
    "FeedSource",
    "Leave",
    "Organisation",
    "Person",
    "SourceRecord",
    "SourceStructure",
    "StagedEntry",
    "Structure",
]
