"""What every source says of people and structures, whatever its format: readers yield these, the engine takes them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from .table import Fault


@dataclass(frozen=True, slots=True)
class Posting:
    """Somebody's place in a structure. ``function_code`` is AAF's (ENS, DIR, ADM, DOC, EDU…) or empty; a source that gives no
    first day leaves ``starts_on`` None: the day it is first seen counts."""

    uai: str
    function: str
    function_code: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A contract, by HR's ``number``; ``ends_on`` None = open."""

    number: str
    starts_on: dt.date
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """A leave; ``kind`` is one of ``Leave.Kind``."""

    kind: str
    starts_on: dt.date
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """All that one source says of one person. ``external_id`` is the source's own key; ``None`` or empty is "says nothing",
    so that another source's word counts. ``line`` is where the record starts in its file (1-based; 0 = none)."""

    external_id: str
    family_name: str
    given_name: str
    line: int = 0
    employee_number: str = ""
    title: str = ""
    birth_name: str = ""
    birth_date: dt.date | None = None
    category: str = ""
    private_email: str = ""
    deceased_on: dt.date | None = None
    postings: tuple[Posting, ...] = ()
    terms: tuple[Term, ...] = ()
    absences: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True)
class StructureRecord:
    """``kind`` is one of ``Structure.Kind``; ``external_id`` is the source's own key, where it names structures otherwise
    than by their UAI."""

    uai: str
    name: str
    kind: str
    city: str = ""
    line: int = 0
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Removal:
    """The source no longer knows ``external_id`` (a delta's deletion)."""

    external_id: str
    line: int = 0


Entry = StaffRecord | StructureRecord | Removal | Fault
"""What a reader yields, in the file's order, without ever holding the file in memory. Structures come before people."""
