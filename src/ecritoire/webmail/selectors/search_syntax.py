"""The search box's language: free words, and ``de: à: objet: après: avant: avec:pj est:non-lu est:suivi``.

Both bounds of a period are inclusive. What looks like an operator but makes no sense is searched as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any

TOKEN = re.compile(r'([^\W\d_]+):(?:"([^"]*)"|(\S+))|"([^"]*)"|(\S+)')
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y")
EARLIEST, LATEST = date(1970, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class Search:
    """Conditions that must all hold; empty ones do not count."""

    text: str = ""
    sender: str = ""
    recipient: str = ""
    subject: str = ""
    after: date | None = None
    before: date | None = None
    attachment: bool = False
    unread: bool = False
    flagged: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Search()

    @property
    def texts(self) -> dict[str, str]:
        """The words sought, by JMAP filter name."""
        return {"text": self.text, "from": self.sender, "to": self.recipient, "subject": self.subject}

    def merged(self, other: Search) -> Search:
        """These conditions, with those ``other`` states in their place."""
        return replace(self, **{f.name: value for f in fields(other) if (value := getattr(other, f.name))})

    def parameters(self) -> dict[str, str]:
        """The advanced form's fields, as in the address bar."""
        values = asdict(self)
        names = {"de": "sender", "a": "recipient", "objet": "subject", "apres": "after", "avant": "before"}
        pairs = {name: str(values[key]) for name, key in names.items() if values[key]}
        return pairs | ({"pj": "1"} if self.attachment else {})


def parse_date(text: str) -> date | None:
    """``2026-01-31``, ``31/01/2026`` or ``31/01/26``; None for anything else."""
    for pattern in DATE_FORMATS:
        try:
            day = datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
        return day if EARLIEST <= day < LATEST else None
    return None


def _with(search: Search, **changes: Any) -> Search:
    return replace(search, **changes)


def _text(name: str) -> Callable[[Search, str], Search]:
    return lambda search, value: _with(search, **{name: f"{getattr(search, name)} {value}".strip()})


def _date(name: str) -> Callable[[Search, str], Search]:
    def read(search: Search, value: str) -> Search:
        return _with(search, **{name: parse_date(value) or getattr(search, name)})

    return read


STATES = {
    ("avec", "pj"): "attachment",
    ("avec", "piece"): "attachment",
    ("has", "attachment"): "attachment",
    ("est", "non-lu"): "unread",
    ("is", "unread"): "unread",
    ("est", "suivi"): "flagged",
    ("is", "flagged"): "flagged",
}
OPERATORS: dict[str, Callable[[Search, str], Search]] = {
    "de": _text("sender"),
    "from": _text("sender"),
    "a": _text("recipient"),
    "to": _text("recipient"),
    "objet": _text("subject"),
    "subject": _text("subject"),
    "apres": _date("after"),
    "after": _date("after"),
    "avant": _date("before"),
    "before": _date("before"),
}


def search_parse(text: str) -> Search:
    """Read what was typed. Never raises."""
    search, words = Search(), []
    for match in TOKEN.finditer(text):
        name = _plain(match[1] or "")
        value = match[2] or match[3] or ""
        changed = _operator(search, name, value) if name and value else None
        if changed is None:
            words.append(match[0])
        else:
            search = changed
    return replace(search, text=" ".join(words))


def _operator(search: Search, name: str, value: str) -> Search | None:
    state = STATES.get((name, _plain(value)))
    if state:
        return _with(search, **{state: True})
    operator = OPERATORS.get(name)
    changed = operator(search, value) if operator else search
    return changed if changed != search else None


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().casefold()
