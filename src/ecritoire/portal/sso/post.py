from __future__ import annotations

from dataclasses import dataclass

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Post:
    """One request to a service, ready to send."""

    url: str
    content: bytes
    content_type: str = FORM
