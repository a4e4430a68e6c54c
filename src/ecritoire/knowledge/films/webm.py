"""The headers of a WebM file: EBML elements (RFC 8794, RFC 9559) up to the first cluster."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from .tracks import FileAtFault, Tracks

MARK = b"\x1a\x45\xdf\xa3"
DOC_TYPE, SEGMENT, CLUSTER = 0x4282, 0x18538067, 0x1F43B675
INFO, TIMESTAMP_SCALE, DURATION = 0x1549A966, 0x2AD7B1, 0x4489
TRACKS, TRACK, CODEC, VIDEO, WIDTH, HEIGHT = 0x1654AE6B, 0xAE, 0x86, 0xE0, 0xB0, 0xBA
MASTERS = {0x1A45DFA3, SEGMENT, INFO, TRACKS, TRACK, VIDEO}
LEAVES = {DOC_TYPE, TIMESTAMP_SCALE, DURATION, CODEC, WIDTH, HEIGHT}
MOST_ELEMENTS, LONGEST_LEAF = 5_000, 64
NANOSECONDS = 1_000_000


def read(file: BinaryIO) -> Tracks:
    said: dict[int, list[bytes]] = {}
    for name, payload in _leaves(file):
        said.setdefault(name, []).append(payload)
    if [_text(payload) for payload in said.get(DOC_TYPE, [])] != ["webm"]:
        raise FileAtFault
    scale = _last(said, TIMESTAMP_SCALE) or NANOSECONDS
    duration = _number(said[DURATION][-1]) if DURATION in said else 0.0
    return Tracks(
        codecs={_text(payload) for payload in said.get(CODEC, [])},
        milliseconds=_milliseconds(duration * scale),
        width=_last(said, WIDTH),
        height=_last(said, HEIGHT),
    )


def _last(said: dict[int, list[bytes]], name: int) -> int:
    return int.from_bytes(said[name][-1]) if name in said else 0


def _milliseconds(nanoseconds: float) -> int:
    try:
        return round(nanoseconds / NANOSECONDS)
    except (OverflowError, ValueError) as error:  # infinity, or no number
        raise FileAtFault from error


def _leaves(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Masters are walked into, the rest is stepped over; ends at the pictures."""
    for _rank in range(MOST_ELEMENTS):
        name = _vint(file, keep_mark=True)
        if name is None or name == CLUSTER:
            return
        size = _vint(file, keep_mark=False)
        if size is None:
            raise FileAtFault
        if name in LEAVES:
            if size > LONGEST_LEAF:
                raise FileAtFault
            yield name, _exactly(file, size)
        elif name not in MASTERS:
            file.seek(size, 1)
    raise FileAtFault


def _vint(file: BinaryIO, *, keep_mark: bool) -> int | None:
    """A number whose first bits tell its length; None at the end of the file."""
    first = file.read(1)
    if not first:
        return None
    length = 9 - first[0].bit_length()
    if length > 8:  # noqa: PLR2004
        raise FileAtFault
    value = first[0] if keep_mark else first[0] & (0xFF >> length)
    return (value << 8 * (length - 1)) | int.from_bytes(_exactly(file, length - 1))


def _exactly(file: BinaryIO, size: int) -> bytes:
    payload = file.read(size)
    if len(payload) != size:
        raise FileAtFault
    return payload


def _text(payload: bytes) -> str:
    return payload.rstrip(b"\0").decode("ascii", "replace")


def _number(payload: bytes) -> float:
    try:
        return float(struct.unpack(">d" if len(payload) == 8 else ">f", payload)[0])  # noqa: PLR2004
    except struct.error as error:
        raise FileAtFault from error
