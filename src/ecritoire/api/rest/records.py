"""A person as the REST call writes them: the feed's own record, in JSON. Its schema is published in ``/api/openapi.json``."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from ecritoire.directory.feed.record import Absence, Posting, Removal, StaffRecord, Term

Uai = Annotated[str, StringConstraints(pattern=r"^[0-9]{7}[A-Za-z]$", to_upper=True)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f]*$")]
Key = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f/]+$")]


def written(form: str) -> BeforeValidator:
    """Text of this form only: a number is no date."""

    def check(value: Any) -> Any:
        if not isinstance(value, dt.date) and not (isinstance(value, str) and re.match(form, value)):
            raise ValueError("this is not how it is written (RFC 3339)")
        return value

    return BeforeValidator(check)


Day = Annotated[
    dt.date, written(r"\d{4}-\d{2}-\d{2}$"), Field(strict=False, ge=dt.date(1900, 1, 1), le=dt.date(2200, 1, 1))
]


class Strict(BaseModel):
    """An unknown name is an error: nothing that is said is lost in silence."""

    model_config = ConfigDict(extra="forbid", strict=True)


class PostingIn(Strict):
    """A place in a structure the directory knows."""

    uai: Uai
    function: Name
    function_code: Annotated[Text, Field(max_length=8, description="AAF's: ENS, DIR, ADM, DOC, EDU…")] = ""
    starts_on: Annotated[Day | None, Field(description="without it, the day it is first said")] = None
    ends_on: Annotated[Day | None, Field(description="the last day; without it, open")] = None


class TermIn(Strict):
    """A contract, by HR's number."""

    number: Annotated[Name, Field(max_length=40)]
    starts_on: Day
    ends_on: Annotated[Day | None, Field(description="the last day; without it, open")] = None


class AbsenceIn(Strict):
    """A leave, during which the right goes on."""

    kind: Literal["sick", "parental", "training", "availability", "other"]
    starts_on: Day
    ends_on: Day | None = None


class StaffIn(Strict):
    """All that the client says of one person: what is left out is no longer said."""

    family_name: Name
    given_name: Name
    employee_number: Annotated[Text, Field(max_length=64, description="HR's; the same number is the same person")] = ""
    title: Literal["", "mme", "m"] = ""
    birth_name: Annotated[Text, Field(max_length=80)] = ""
    birth_date: Day | None = None
    category: Literal["", "teacher", "administrative", "contract", "external"] = ""
    private_email: Annotated[Text, Field(max_length=254, pattern=r"^([^@\s]+@[^@\s]+)?$")] = ""
    deceased_on: Day | None = None
    postings: Annotated[list[PostingIn], Field(max_length=50)] = []
    terms: Annotated[list[TermIn], Field(max_length=50)] = []
    absences: Annotated[list[AbsenceIn], Field(max_length=50)] = []

    def record(self, external_id: str, line: int = 0) -> StaffRecord:
        values: dict[str, Any] = {name: getattr(self, name) for name in StaffIn.model_fields}
        values["postings"] = tuple(Posting(**item.model_dump()) for item in self.postings)
        values["terms"] = tuple(Term(**item.model_dump()) for item in self.terms)
        values["absences"] = tuple(Absence(**item.model_dump()) for item in self.absences)
        return StaffRecord(external_id=external_id, line=line, **values)


class StaffLine(StaffIn):
    """A person in a batch."""

    external_id: Key

    def entry(self, line: int) -> StaffRecord:
        return self.record(self.external_id, line)


class RemovalLine(Strict):
    """In a batch: the client no longer knows this person."""

    external_id: Key
    removed: Literal[True]

    def entry(self, line: int) -> Removal:
        return Removal(self.external_id, line)
