"""What a name, a date or a title is, whatever the format that carries it."""

from __future__ import annotations

import datetime as dt
import re

NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’.-]){0,79}")
TITLES = {
    "": "",
    **dict.fromkeys(("m", "m.", "mr", "monsieur"), "m"),
    **dict.fromkeys(("mme", "mme.", "madame", "mlle", "mlle.", "mademoiselle"), "mme"),
}
FRENCH_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
EARLIEST_BIRTH = 1900


def is_name(value: str) -> bool:
    """Letters, spaces, hyphens, apostrophes and points, 80 at most, a letter first."""
    return NAME.fullmatch(value) is not None


def french_date(value: str) -> dt.date | None:
    """``dd/mm/yyyy``; None when that is no date."""
    match = FRENCH_DATE.fullmatch(value)
    try:
        return dt.date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None
