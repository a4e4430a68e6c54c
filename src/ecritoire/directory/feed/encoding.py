"""UTF-8 or ISO-8859-15: the bytes decide, not what is declared or promised."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from django.utils.translation import gettext as _

from .table import Unreadable

BLOCK = 1 << 16
# No text in ISO-8859-15 holds these: the controls XML forbids, and the places where Windows-1252 has its quotes.
NOT_LATIN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def encoding_of(stream: BinaryIO, file: str = "") -> str:
    """``utf-8`` when every byte of the file fits, or else ``iso-8859-15``; raises Unreadable when it is neither.

    Read in blocks from its start, and left there: a block that ends inside a character is no trouble to the incremental
    decoder.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    stream.seek(0)
    try:
        while block := stream.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
        found = "utf-8"
    except UnicodeDecodeError:
        stream.seek(0)
        _check_latin(stream, file)
        found = "iso-8859-15"
    stream.seek(0)
    return found


def _check_latin(stream: BinaryIO, file: str) -> None:
    offset, line = 0, 1
    while block := stream.read(BLOCK):
        if found := NOT_LATIN.search(block):
            raise Unreadable(
                _(
                    "Ce fichier n'est ni en UTF-8 ni en ISO-8859-15 : l'octet %(offset)s (0x%(byte)02X) n'est un caractère "
                    "dans aucun des deux. Demandez un nouvel export."
                )
                % {"offset": offset + found.start(), "byte": found.group()[0]},
                line + block.count(b"\n", 0, found.start()),
                file=file,
            )
        offset, line = offset + len(block), line + block.count(b"\n")
