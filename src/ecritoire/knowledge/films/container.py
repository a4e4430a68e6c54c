"""What a film's file says it holds. No decoder reads what people send: a few headers are enough to know container, codecs,
length and size, and each is read within bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from ecritoire.knowledge.models import Film

from . import mp4, webm
from .tracks import FileAtFault, Tracks

READ_BY_BROWSERS = {
    Film.MediaType.WEBM: {"V_VP8", "V_VP9", "V_AV1", "A_OPUS", "A_VORBIS"},
    Film.MediaType.MP4: {"avc1", "avc3", "av01", "vp09", "mp4a", "Opus"},
}
LONGEST_MINUTES = 30
MP4_MARK = slice(4, 8)


class FilmRefused(Exception):
    """The file is no film that every browser reads; its text says why, to the person."""


@dataclass(frozen=True)
class Media:
    media_type: Film.MediaType
    milliseconds: int
    width: int
    height: int


def media_of(file: BinaryIO) -> Media:
    """Raises FilmRefused."""
    file.seek(0)
    start = file.read(12)
    file.seek(0)
    try:
        if start.startswith(webm.MARK):
            return _accepted(Film.MediaType.WEBM, webm.read(file))
        if start[MP4_MARK] == b"ftyp":
            return _accepted(Film.MediaType.MP4, mp4.read(file))
    except FileAtFault as error:
        raise FilmRefused(_("Ce fichier est abîmé ou incomplet : enregistrez-le à nouveau.")) from error
    raise FilmRefused(_("Ce fichier n'est ni du WebM ni du MP4."))


def _accepted(media_type: Film.MediaType, tracks: Tracks) -> Media:
    unread = sorted(tracks.codecs - READ_BY_BROWSERS[media_type])
    if unread:
        words = _("Codec que les navigateurs ne lisent pas tous : %(names)s. Attendus : VP8, VP9, AV1 ou H.264.")
        raise FilmRefused(words % {"names": ", ".join(name[:20] for name in unread)})
    if not (tracks.width and tracks.height):
        raise FilmRefused(_("Ce fichier ne contient pas d'image."))
    if not tracks.milliseconds:
        raise FilmRefused(
            _("Ce fichier ne dit pas sa durée : on ne pourrait pas s'y déplacer. Enregistrez-le à nouveau.")
        )
    if tracks.milliseconds > LONGEST_MINUTES * 60_000:
        raise FilmRefused(_("Une vidéo dure %(minutes)s minutes au plus.") % {"minutes": LONGEST_MINUTES})
    return Media(media_type, tracks.milliseconds, tracks.width, tracks.height)
