"""WebVTT: what a caption file must say to be read by every browser."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

TIMING = re.compile(
    r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})[ \t]+-->[ \t]+(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})\b"
)
LATE = 1_000  # milliseconds a last caption may outlast its film


class CaptionsRefused(Exception):
    """Its text says what is wrong, and where, to the person."""


@dataclass(frozen=True)
class Cue:
    """``start`` and ``end`` in milliseconds."""

    start: int
    end: int
    text: str


def captions_of(raw: bytes, milliseconds: int) -> str:
    """The text of a caption file for a film of that length. Raises CaptionsRefused."""
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise CaptionsRefused(_("Les sous-titres doivent être enregistrés en UTF-8.")) from error
    cues = cues_of(text)
    if cues[-1].end > milliseconds + LATE:
        raise CaptionsRefused(_("Les sous-titres durent plus longtemps que la vidéo : sont-ils bien les siens ?"))
    return text


def cues_of(text: str) -> list[Cue]:
    """At least one, in order. Raises CaptionsRefused."""
    lines = text.split("\n")
    if not re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        raise CaptionsRefused(_("Ce n'est pas du WebVTT : la première ligne doit être « WEBVTT »."))
    cues: list[Cue] = []
    for number, line in enumerate(lines, start=1):
        if "-->" in line:
            cues.append(_cue(line, number, lines[number:], cues[-1].start if cues else 0))
    if not cues:
        raise CaptionsRefused(_("Ce fichier ne contient aucun sous-titre."))
    return cues


def _cue(line: str, number: int, following: list[str], after: int) -> Cue:
    found = TIMING.match(line.strip())
    if not found:
        raise CaptionsRefused(_("Sous-titres, ligne %(number)s : temps illisible.") % {"number": number})
    start, end = _milliseconds(found.groups()[:4]), _milliseconds(found.groups()[4:])
    if end <= start or start < after:
        raise CaptionsRefused(_("Sous-titres, ligne %(number)s : les temps se suivent mal.") % {"number": number})
    until = next((rank for rank, text in enumerate(following) if not text.strip()), len(following))
    return Cue(start, end, "\n".join(following[:until]))


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest
