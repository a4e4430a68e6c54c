"""Search snippets (RFC 8621 5): the store marks matches with ``<mark>`` in text it has escaped."""

from __future__ import annotations

import re
from html import escape, unescape

from django.utils.safestring import SafeString, mark_safe

MARK = re.compile(r"(</?mark>)")


def highlighted(snippet: str | None) -> SafeString | str:
    """The snippet with its marks, everything else escaped anew: the store's escaping is not trusted."""
    if not snippet or "<mark>" not in snippet:
        return ""
    pieces = (piece if MARK.fullmatch(piece) else escape(unescape(piece)) for piece in MARK.split(snippet))
    return mark_safe("".join(pieces))  # noqa: S308 - only our two tags are left unescaped
