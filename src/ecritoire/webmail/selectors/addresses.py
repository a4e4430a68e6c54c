"""People as a message names them (RFC 8621 4.1.2.3)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.functional import cached_property

AVATAR_COLOURS = 8


@dataclass(frozen=True)
class Address:
    """``name`` may be empty; ``email`` is lower case, and empty when the message's own was unreadable."""

    name: str
    email: str

    @property
    def label(self) -> str:
        return self.name or self.email

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]

    @property
    def initials(self) -> str:
        """Two letters at most, from the name or else from the address."""
        words = [word for word in re.split(r"[\W_]+", self.name or self.email.partition("@")[0]) if word]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"

    @cached_property
    def colour(self) -> int:
        """Always the same of ``AVATAR_COLOURS`` for the same address."""
        return sum(self.email.encode()) % AVATAR_COLOURS

    @property
    def name_hides_address(self) -> bool:
        """Whether the name shows another address than the true one: a common disguise."""
        shown = re.search(r"[\w.+-]+@[\w.-]+\.\w+", self.name)
        return shown is not None and shown[0].lower() != self.email


def addresses(raw: Iterable[dict[str, Any]] | None) -> list[Address]:
    return [Address(_visible(item.get("name") or ""), (item.get("email") or "").lower()) for item in raw or []]


@lru_cache(4096)
def _visible(name: str) -> str:
    """Without the characters that reorder or hide text, which serve only to deceive here. The same names come on every page."""
    kept = "".join(char for char in name if unicodedata.category(char) not in {"Cc", "Cf"})
    return " ".join(kept.split()).strip("\"'")
