"""The field in which a server says what it found when a message came in (RFC 8601)."""

from __future__ import annotations

import re

COMMENT = re.compile(r"\([^()]*\)")
QUOTED = re.compile(r'"[^"]*"')


def statements(field: str) -> list[str]:
    """Its parts between semicolons, the server's name first, without comments and without what is quoted: an address in quotes may
    hold anything, results that look like the server's too. Nothing of a field with a backslash: servers escape only what somebody crafted.
    """
    text = " ".join(field.split())
    if "\\" in text:
        return []
    return [part.strip() for part in COMMENT.sub(" ", QUOTED.sub('""', text)).split(";")]
