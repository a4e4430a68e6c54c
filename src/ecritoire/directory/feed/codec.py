"""A person's record as JSON, and back."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Any

from .record import Absence, Posting, StaffRecord, Term

DATES = ("birth_date", "deceased_on", "starts_on", "ends_on")


def dumps(record: StaffRecord) -> str:
    return json.dumps(asdict(record), default=dt.date.isoformat, ensure_ascii=False)


def loads(text: str) -> StaffRecord:
    values = _dated(json.loads(text))
    values["postings"] = tuple(Posting(**_dated(value)) for value in values["postings"])
    values["terms"] = tuple(Term(**_dated(value)) for value in values["terms"])
    values["absences"] = tuple(Absence(**_dated(value)) for value in values["absences"])
    return StaffRecord(**values)


def _dated(values: dict[str, Any]) -> dict[str, Any]:
    return {name: dt.date.fromisoformat(value) if value and name in DATES else value for name, value in values.items()}
