"""An invented school year of an académie, day by day, and what must have become of everybody: to replay and compare."""

from .oracle import Expected, Oracle
from .story import Someone, Story
from .telling import Day, Feed, Telling

__all__ = ["Day", "Expected", "Feed", "Oracle", "Someone", "Story", "Telling"]
