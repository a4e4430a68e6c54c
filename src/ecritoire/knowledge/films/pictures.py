"""What a film's poster may be."""

from __future__ import annotations

from django.utils.translation import gettext as _

MOST_BYTES = 1024 * 1024


class PosterRefused(Exception):
    """Its text says why, to the person."""


def poster_type(raw: bytes) -> str:
    """Read from the bytes themselves. Raises PosterRefused."""
    if len(raw) > MOST_BYTES:
        raise PosterRefused(_("Une affiche pèse 1 Mo au plus."))
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if raw.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "image/webp"
    raise PosterRefused(_("L'affiche doit être une image PNG, JPEG ou WebP."))
