"""UTF-8 or ISO-8859-15: the bytes decide, not what is declared or promised."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO, NoReturn

from django.utils.translation import gettext as _

from .table import Unreadable

BLOCK = 1 << 16
# No text in ISO-8859-15 holds these: the controls XML forbids, and the places where Windows-1252 has its quotes.
NOT_LATIN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def encoding_of(stream: BinaryIO, file: str = "") -> str:
    """``utf-8`` when every byte of the file fits, or else ``iso-8859-15``; raises Unreadable when it is neither.

    Read in blocks from its start, and left there.
    """
    broken = _first_not_utf8(stream)
    if broken is None:
        return "utf-8"
    control = _first_not_latin(stream)
    if control is not None:
        # A control before the place where UTF-8 breaks is a piece of a good character: the file was meant as UTF-8.
        _refuse(stream, max(broken, control), file)
    return "iso-8859-15"


def _first_not_utf8(stream: BinaryIO) -> int | None:
    """An incremental decoder: a block that ends inside a character is no trouble to it."""
    decoder, offset = codecs.getincrementaldecoder("utf-8")(), 0
    stream.seek(0)
    try:
        while block := stream.read(BLOCK):
            kept = len(decoder.getstate()[0])
            decoder.decode(block)
            offset += len(block)
        kept = len(decoder.getstate()[0])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return offset - kept + error.start
    finally:
        stream.seek(0)
    return None


def _first_not_latin(stream: BinaryIO) -> int | None:
    offset = 0
    while block := stream.read(BLOCK):
        if found := NOT_LATIN.search(block):
            stream.seek(0)
            return offset + found.start()
        offset += len(block)
    stream.seek(0)
    return None


def _refuse(stream: BinaryIO, offset: int, file: str) -> NoReturn:
    line, left = 1, offset
    while left and (block := stream.read(min(BLOCK, left))):
        line, left = line + block.count(b"\n"), left - len(block)
    message = _(
        "Ce fichier n'est ni en UTF-8 ni en ISO-8859-15 : l'octet %(offset)s (0x%(byte)02X) n'est un caractère dans aucun "
        "des deux. Demandez un nouvel export."
    )
    raise Unreadable(message % {"offset": offset, "byte": stream.read(1)[0]}, line, file=file)
