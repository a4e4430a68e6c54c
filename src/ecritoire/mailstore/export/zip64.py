"""A ZIP archive (APPNOTE 6.3, ZIP64) written to disk in flat memory, that can be taken up again where it stood.

Python's ``zipfile`` keeps every entry in memory and its directory only at the end, so that a crash loses the archive. Here
the directory grows in a file of its own: ``Position`` (three numbers) is all one must remember to go on after a crash.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

LOCAL, CENTRAL = 0x04034B50, 0x02014B50
END64, LOCATOR, END = 0x06064B50, 0x07064B50, 0x06054B50
VERSION, UTF8, DEFLATED = 45, 0x0800, 8
BIG, MANY = 0xFFFFFFFF, 0xFFFF
UNIX_FILE = 0o100600 << 16
LEVEL = 1  # half the size for a fifth of the time of the default
RAW = -zlib.MAX_WBITS


class Position(NamedTuple):
    """How far an archive is written: bytes, bytes of its directory, entries."""

    archive: int = 0
    directory: int = 0
    entries: int = 0


class Entry:
    """One file of the archive, written in pieces."""

    def __init__(self, target: BinaryIO) -> None:
        self._target, self._packer = target, zlib.compressobj(LEVEL, zlib.DEFLATED, RAW)
        self.crc, self.size, self.packed = 0, 0, 0

    def write(self, content: bytes) -> None:
        self.crc = zlib.crc32(content, self.crc)
        self.size += len(content)
        self._put(self._packer.compress(content))

    def close(self) -> None:
        self._put(self._packer.flush())

    def _put(self, packed: bytes) -> None:
        self.packed += len(packed)
        self._target.write(packed)


class ZipWriter:
    """Adds entries after ``position`` in ``archive``; what a crash left beyond it is cut off first."""

    def __init__(self, archive: Path, directory: Path, position: Position) -> None:
        self._archive, self._directory = _open_at(archive, position.archive), _open_at(directory, position.directory)
        self._entries = position.entries

    @contextmanager
    def entry(self, name: str, at: dt.datetime) -> Iterator[Entry]:
        """A new file of the archive. ``at`` is local time; ZIP knows no other."""
        start, encoded = self._archive.tell(), name.encode()
        stamp = _stamp(at)
        self._archive.write(_local(encoded, stamp, 0, 0, 0))
        entry = Entry(self._archive)
        yield entry
        entry.close()
        end = self._archive.tell()
        self._archive.seek(start)
        self._archive.write(_local(encoded, stamp, entry.crc, entry.size, entry.packed))
        self._archive.seek(end)
        self._directory.write(_central(encoded, stamp, entry.crc, entry.size, entry.packed, start))
        self._entries += 1

    def add(self, name: str, at: dt.datetime, content: bytes) -> None:
        """A whole file at once."""
        start, encoded, stamp, crc = self._archive.tell(), name.encode(), _stamp(at), zlib.crc32(content)
        packed = zlib.compress(content, LEVEL, RAW)
        self._archive.write(_local(encoded, stamp, crc, len(content), len(packed)))
        self._archive.write(packed)
        self._directory.write(_central(encoded, stamp, crc, len(content), len(packed), start))
        self._entries += 1

    def position(self) -> Position:
        """Where it stands, once everything before it is on disk."""
        for file in (self._archive, self._directory):
            file.flush()
            os.fsync(file.fileno())
        return Position(self._archive.tell(), self._directory.tell(), self._entries)

    def finish(self) -> None:
        """Append the directory: only from then on is it an archive."""
        start, size = self._archive.tell(), self._directory.tell()
        self._directory.seek(0)
        shutil.copyfileobj(self._directory, self._archive)
        end, count = self._archive.tell(), self._entries
        end64 = struct.pack("<LQ2H2L4Q", END64, 44, VERSION, VERSION, 0, 0, count, count, size, start)
        locator = struct.pack("<LLQL", LOCATOR, 0, end, 1)
        last = struct.pack("<L4H2LH", END, 0, 0, min(count, MANY), min(count, MANY), min(size, BIG), min(start, BIG), 0)
        self._archive.write(end64 + locator + last)
        self.position()
        self.close()

    def close(self) -> None:
        self._archive.close()
        self._directory.close()


def _open_at(path: Path, length: int) -> BinaryIO:
    path.touch(mode=0o640)
    file = path.open("r+b")
    file.truncate(length)
    file.seek(length)
    return file


def _stamp(at: dt.datetime) -> tuple[int, int]:
    """MS-DOS time and date."""
    year = min(max(at.year, 1980), 2107)
    return at.hour << 11 | at.minute << 5 | at.second // 2, (year - 1980) << 9 | at.month << 5 | at.day


def _local(name: bytes, stamp: tuple[int, int], crc: int, size: int, packed: int) -> bytes:
    head = struct.pack("<L5H3L2H", LOCAL, VERSION, UTF8, DEFLATED, *stamp, crc, BIG, BIG, len(name), 20)
    return head + name + struct.pack("<2H2Q", 1, 16, size, packed)


def _central(name: bytes, stamp: tuple[int, int], crc: int, size: int, packed: int, offset: int) -> bytes:
    made_by = 3 << 8 | VERSION
    head = struct.pack("<L6H3L", CENTRAL, made_by, VERSION, UTF8, DEFLATED, *stamp, crc, BIG, BIG)
    tail = struct.pack("<5H2L", len(name), 28, 0, 0, 0, UNIX_FILE, BIG)
    return head + tail + name + struct.pack("<2H3Q", 1, 24, size, packed, offset)
