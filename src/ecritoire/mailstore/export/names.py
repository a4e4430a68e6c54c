"""Names that every file system takes."""

from __future__ import annotations

import base64
import re
import unicodedata

from django.utils.translation import gettext as _

FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)
LONGEST = 80


def file_name(text: str, longest: int = LONGEST) -> str:
    """``text`` as a file name on Windows, macOS and Linux alike; never empty, never hidden."""
    plain = FORBIDDEN.sub("-", unicodedata.normalize("NFC", text)).strip(" .")
    while len(plain.encode()) > longest:
        plain = plain[:-1]
    plain = plain.strip(" .-") or "sans nom"
    return f"_{plain}" if RESERVED.match(plain) else plain


class Names:
    """Gives each name once, also where letters' case does not tell two names apart."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, folder: str, name: str, suffix: str = "") -> str:
        path, rank = f"{folder}{name}{suffix}", 1
        while path.casefold() in self._taken:
            rank += 1
            path = f"{folder}{name} ({rank}){suffix}"
        self._taken.add(path.casefold())
        return path


def role_label(role: str) -> str:
    """What the webmail calls a special folder; empty for an ordinary one."""
    labels = {
        "inbox": _("Boîte de réception"),
        "sent": _("Envoyés"),
        "drafts": _("Brouillons"),
        "trash": _("Corbeille"),
        "junk": _("Indésirables"),
        "archive": _("Archives"),
    }
    return labels.get(role, "")


def imap_name(path: str) -> str:
    """A folder's path as IMAP wants it: modified UTF-7 (RFC 3501, 5.1.3), quoted."""
    pieces = re.split(r"([^\x20-\x7e]+)", path)
    encoded = "".join(_shifted(piece) if rank % 2 else piece.replace("&", "&-") for rank, piece in enumerate(pieces))
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(text: str) -> str:
    return "&" + base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"
