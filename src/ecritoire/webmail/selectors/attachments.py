"""The parts of a message that are not its text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from ..here import mail_url

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"})
SHOWN_IN_BROWSER = PICTURES | {"application/pdf", "text/plain"}
THUMBNAIL_BYTES = 2_000_000
EXTENSIONS = {"message/rfc822": ".eml", "text/calendar": ".ics", "text/html": ".html", "text/plain": ".txt"}
ICONS = (("image/", "image"), ("text/calendar", "calendar"), ("message/", "mail"), ("text/vcard", "contacts"))


@dataclass(frozen=True)
class Attachment:
    """``cid`` is the Content-ID without its brackets; ``size`` is in bytes, decoded."""

    blob_id: str
    name: str
    type: str
    size: int
    cid: str = ""
    is_inline: bool = False

    @property
    def url(self) -> str:
        return blob_url(self.blob_id, self.name, self.type)

    @property
    def preview_url(self) -> str:
        """Where the browser may show it, or empty: only kinds that cannot carry a program."""
        return f"{self.url}&apercu=1" if self.type in SHOWN_IN_BROWSER else ""

    @property
    def thumbnail_url(self) -> str:
        return self.preview_url if self.type in PICTURES and self.size <= THUMBNAIL_BYTES else ""

    @property
    def icon(self) -> str:
        return next((icon for prefix, icon in ICONS if self.type.startswith(prefix)), "attach")

    @property
    def kind(self) -> str:
        """The short mark on its tile: the file's extension."""
        return PurePath(self.name).suffix[1:6].upper() or self.type.rpartition("/")[2][:5].upper()

    @property
    def is_outlook_only(self) -> bool:
        return self.type == "application/ms-tnef" or self.name.lower() == "winmail.dat"


def blob_url(blob_id: str, name: str, content_type: str) -> str:
    return f"{mail_url('blob', blob_id)}?{urlencode({'nom': name, 'type': content_type})}"


def attachments(parts: Iterable[dict[str, Any]] | None) -> list[Attachment]:
    return [_attachment(part, number) for number, part in enumerate(parts or [], 1) if part.get("blobId")]


def listed(parts: list[Attachment], *, has_html: bool) -> list[Attachment]:
    """Those to offer: images laid out inside the message's own HTML are left to it."""
    return [part for part in parts if not (has_html and part.is_inline and part.cid and part.type.startswith("image/"))]


def _attachment(part: dict[str, Any], number: int) -> Attachment:
    kind = (part.get("type") or "application/octet-stream").lower()
    return Attachment(
        blob_id=part["blobId"],
        name=_name(part.get("name") or "", kind, number),
        type=kind,
        size=part.get("size") or 0,
        cid=(part.get("cid") or "").strip("<>"),
        is_inline=part.get("disposition") == "inline" or (bool(part.get("cid")) and not part.get("disposition")),
    )


def _name(name: str, kind: str, number: int) -> str:
    clean = "".join(char for char in name if char.isprintable()).replace("/", "_").replace("\\", "_").strip()
    if clean:
        return clean[-150:]
    label = _("message joint") if kind == "message/rfc822" else _("pièce jointe")
    return f"{label} {number}{EXTENSIONS.get(kind, '')}"
