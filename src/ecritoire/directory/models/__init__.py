"""Who works where, since when and until when, and under which address."""

from .feed import FeedRun, FeedUpload
from .functional import Access, FunctionalGuest, FunctionalMailbox, FunctionalMember, FunctionalRule
from .organisation import Organisation, Structure
from .person import EmailAddress, Person
from .work import Assignment, Contract, Leave

__all__ = [
    "Access",
    "Assignment",
    "Contract",
    "EmailAddress",
    "FeedRun",
    "FeedUpload",
    "FunctionalGuest",
    "FunctionalMailbox",
    "FunctionalMember",
    "FunctionalRule",
    "Leave",
    "Organisation",
    "Person",
    "Structure",
]
