"""Ids of the store in addresses and forms (RFC 8620 1.2): anything else names nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.urls import register_converter

PATTERN = "[A-Za-z0-9_-]{1,255}"
ID = re.compile(PATTERN)


class JmapIdConverter:
    regex = PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def valid_id(text: str) -> str:
    """``text`` when it may be an id, else the empty string."""
    return text if ID.fullmatch(text) else ""


def valid_ids(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if ID.fullmatch(text)]


register_converter(JmapIdConverter, "jmapid")
