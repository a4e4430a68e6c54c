"""Passwords that have leaked, in Bloom filters: offline, a few bits each, and no way back to the passwords.

A filter says « certainly not » or « probably »: one password in ``ERROR`` is refused though it never leaked. Its keys are
SHA-1 digests, the form in which the public export of breached passwords comes. A *folded* filter was built from
passwords in clear, in lower case: capitals do not save a leaked password.
"""

from __future__ import annotations

import hashlib
import json
import math
import mmap
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

MAGIC = b"ECRITOIRE-BLOOM-1\n"
HEADER = 256
ERROR = 1000
SHIPPED = Path(__file__).parent / "data" / "common.bloom"


@dataclass(frozen=True)
class Shape:
    """What a filter's first bytes say of it."""

    bits: int
    hashes: int
    count: int
    folded: bool

    @classmethod
    def for_count(cls, count: int, *, folded: bool) -> Shape:
        bits = max(64, math.ceil(count * math.log(ERROR) / math.log(2) ** 2))
        return cls(bits, max(1, round(bits / max(count, 1) * math.log(2))), count, folded)

    def header(self) -> bytes:
        return (MAGIC + json.dumps(asdict(self)).encode()).ljust(HEADER, b" ")

    def positions(self, digest: bytes) -> Iterator[int]:
        """Kirsch and Mitzenmacher: two hashes are as good as many."""
        first, step = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:16], "big") | 1
        return ((first + rank * step) % self.bits for rank in range(self.hashes))


class BloomFilter:
    """A filter on disk, mapped: the kernel keeps the pages that are used, and the processes share them."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if not self._map[: len(MAGIC)] == MAGIC:
            raise ValueError(f"{path} is not a filter of breached passwords")
        self.shape = Shape(**json.loads(self._map[len(MAGIC) : HEADER]))

    def __contains__(self, password: str) -> bool:
        digest = key_of(password.lower() if self.shape.folded else password)
        return all(self._map[HEADER + (at >> 3)] & (1 << (at & 7)) for at in self.shape.positions(digest))


def key_of(password: str) -> bytes:
    return hashlib.sha1(password.encode(), usedforsecurity=False).digest()


def added_dir() -> Path:
    """Where filters an administrator adds are kept; part of the backup."""
    return Path(settings.CONFIG.data_dir) / "data" / "web" / "breached"


@cache
def _opened(path: Path, changed: int) -> BloomFilter:
    return BloomFilter(path)


def filters() -> list[BloomFilter]:
    """The one shipped and those added; a new one is seen without a restart."""
    paths = [SHIPPED, *sorted(added_dir().glob("*.bloom"))]
    return [_opened(path, path.stat().st_mtime_ns) for path in paths]


def is_breached(password: str) -> bool:
    return any(password in known for known in filters())
