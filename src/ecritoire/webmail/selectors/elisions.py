"""French elision in searches: the store indexes "l'exercice" as one word, which "exercice" alone would not find."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

PREFIXES = ("l'", "d'", "qu'", "s'", "n'", "j'")
ELIDED = re.compile(r"(?:[ldsnjmtc]|qu|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE)
TOKEN = re.compile(r'"[^"]*"|\S+')
VOWELS = "aeiouyh"


def variants(term: str) -> list[str]:
    """``exercice`` or ``l'exercice`` -> both and the other elided forms; a word no elision precedes, alone."""
    bare = ELIDED.sub("", term, count=1) if ELIDED.match(term) else term
    first = unicodedata.normalize("NFKD", bare[:1]).casefold()[:1]
    if not first or first not in VOWELS:
        return [term]
    return [bare, *(f"{prefix}{bare}" for prefix in PREFIXES)]


def condition(field: str, text: str) -> dict[str, Any]:
    """A JMAP filter: ``field`` holds every word of ``text``, elided or not; "quoted words" in that order."""
    tokens = [token for token in TOKEN.findall(text) if token.strip('"')]
    return _joined("AND", [_term(field, token) for token in tokens]) if tokens else {field: text}


def _term(field: str, token: str) -> dict[str, Any]:
    words = token.strip('"')
    quote = '"' if token.startswith('"') and " " in words else ""
    return _joined("OR", [{field: f"{quote}{variant}{quote}"} for variant in variants(words)])


def _joined(operator: str, conditions: list[dict[str, Any]]) -> dict[str, Any]:
    return conditions[0] if len(conditions) == 1 else {"operator": operator, "conditions": conditions}
