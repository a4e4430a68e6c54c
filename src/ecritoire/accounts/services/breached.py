"""Building filters of breached passwords from lists."""

from __future__ import annotations

import os
import re
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from ecritoire.accounts.breached import Shape, key_of

SHORTEST = 8
DIGEST = re.compile(r"([0-9A-Fa-f]{40})(?::(\d+))?$")


class NotAList(Exception):
    """The file holds no password or digest."""


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a text, or of every .txt in a Python package as the index hands it out."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".txt") and ".dist-info/" not in name:
                    yield from archive.read(name).decode(errors="replace").splitlines()
    elif tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            for member in archive.getmembers():
                file = archive.extractfile(member) if member.name.endswith(".txt") else None
                if file:
                    yield from file.read().decode(errors="replace").splitlines()
    else:
        with path.open(encoding="utf-8", errors="replace") as text:
            for line in text:
                yield line.rstrip("\r\n")


def folded_keys(lines: Iterable[str]) -> Iterator[bytes]:
    """Of passwords in clear, those some preset could let through: the others are refused as too short or too simple."""
    for line in lines:
        plain = line.lower()
        if len(plain) >= SHORTEST and not plain.isalpha() and re.search("[a-z]", plain):
            yield key_of(plain)


def digest_keys(lines: Iterable[str], *, seen: int) -> Iterator[bytes]:
    """Of « SHA-1:times seen » lines, those seen ``seen`` times or more."""
    for line in lines:
        found = DIGEST.match(line.strip())
        if found and int(found[2] or seen) >= seen:
            yield bytes.fromhex(found[1])


def filter_build(*, sources: list[Path], target: Path, seen: int = 1) -> Shape:
    """Write the filter of all passwords or all digests in ``sources``; the file appears whole. Raises NotAList.

    The lists are read twice and never held in memory: only the filter is, two bytes for each password.
    """
    first = next((line for path in sources for line in lines_of(path) if line.strip()), "")
    folded = not DIGEST.match(first.strip())

    def keys() -> Iterator[bytes]:
        lines = (line for path in sources for line in lines_of(path))
        return folded_keys(lines) if folded else digest_keys(lines, seen=seen)

    count = sum(1 for _ in keys())
    if not count:
        raise NotAList(", ".join(str(path) for path in sources))
    shape = Shape.for_count(count, folded=folded)
    _write(target, shape, keys())
    return shape


def _write(target: Path, shape: Shape, keys: Iterable[bytes]) -> None:
    bits = bytearray((shape.bits + 7) // 8)
    for key in keys:
        for at in shape.positions(key):
            bits[at >> 3] |= 1 << (at & 7)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".part")
    with fresh.open("wb") as file:
        file.write(shape.header())
        file.write(bits)
    os.replace(fresh, target)
