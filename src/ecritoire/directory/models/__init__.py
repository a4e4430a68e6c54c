"""Who works where, since when and until when, and under which address."""

from .feed import FeedRun, FeedUpload
from .organisation import MailDomain, Organisation, Structure
from .person import EmailAddress, Person
from .work import Assignment, Contract, Leave

__all__ = [
    "Assignment",
    "Contract",
    "EmailAddress",
    "FeedRun",
    "FeedUpload",
    "Leave",
    "MailDomain",
    "Organisation",
    "Person",
    "Structure",
]
