from __future__ import annotations

from dataclasses import dataclass, field


class FileAtFault(Exception):
    """The headers contradict themselves, or end too soon."""


@dataclass
class Tracks:
    """What the headers told, whatever the container."""

    codecs: set[str] = field(default_factory=set)
    milliseconds: int = 0
    width: int = 0
    height: int = 0
