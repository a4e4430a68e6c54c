"""AAF declares ISO-8859-15 and is sometimes UTF-8: the bytes decide, not the declaration."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from ecritoire.directory.feed.table import Unreadable

BLOCK = 1 << 16
# No text in ISO-8859-15 holds these: the controls XML forbids, and the places where Windows-1252 has its quotes.
NOT_LATIN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def encoding_of(path: Path) -> str:
    """``utf-8`` when every byte of the file fits, or else ``iso-8859-15``; raises Unreadable when it is neither.

    Read in blocks: a block that starts inside a character is no trouble to the incremental decoder.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        try:
            while block := stream.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            stream.seek(0)
            _check_latin(stream, path.name)
            return "iso-8859-15"
    return "utf-8"


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
