"""The headers of an MP4 file: the boxes of ISO/IEC 14496-12 that tell length, size and codecs."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

from .tracks import FileAtFault, Tracks

CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
LEAVES = {b"mvhd", b"tkhd", b"hdlr", b"stsd"}
MOST_BOXES, LONGEST_LEAF = 5_000, 4_096
SEEN_OR_HEARD = {b"vide", b"soun"}


def read(file: BinaryIO) -> Tracks:
    found, handler, size = Tracks(), b"", (0, 0)
    for name, payload in _leaves(file):
        if name == b"mvhd":
            found.milliseconds = _milliseconds(payload)
        elif name == b"tkhd":
            size = (_at(">I", payload, len(payload) - 8) >> 16, _at(">I", payload, len(payload) - 4) >> 16)
        elif name == b"hdlr":
            handler = payload[8:12]
            if handler == b"vide":
                found.width, found.height = size
        elif name == b"stsd" and handler in SEEN_OR_HEARD:
            found.codecs.add(payload[12:16].decode("ascii", "replace").strip())
    return found


def _milliseconds(payload: bytes) -> int:
    """Of a movie header, whose numbers are longer in its version 1."""
    long = payload[:1] == b"\x01"
    scale, length = _at(">I", payload, 20 if long else 12), _at(">Q" if long else ">I", payload, 24 if long else 16)
    return round(length * 1000 / scale) if scale else 0


def _at(form: str, payload: bytes, place: int) -> int:
    try:
        return int(struct.unpack_from(form, payload, place)[0])
    except struct.error as error:
        raise FileAtFault from error


def _head(file: BinaryIO, end: int) -> tuple[bytes, int]:
    """The name of the box that begins here, and how much of it remains."""
    head = file.read(8)
    size, name = _at(">I", head, 0), head[4:]
    rest = size - 8
    if size == 1:
        rest = _at(">Q", file.read(8), 0) - 16
    elif size == 0:
        rest = end - file.tell()
    if len(name) < 4 or rest < 0 or file.tell() + rest > end:  # noqa: PLR2004
        raise FileAtFault
    return name, rest


def _leaves(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Containers are walked into, the rest is stepped over."""
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    for _rank in range(MOST_BOXES):
        if file.tell() == end:
            return
        name, rest = _head(file, end)
        if name in LEAVES:
            after = file.tell() + rest
            yield name, file.read(min(rest, LONGEST_LEAF))
            file.seek(after)
        elif name not in CONTAINERS:
            file.seek(rest, os.SEEK_CUR)
    raise FileAtFault
