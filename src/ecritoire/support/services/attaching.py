"""Keeping files: the bytes under the installation's data, a row for each; gone with the request."""

from __future__ import annotations

import hashlib
import os
import re
import time
import unicodedata
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from ecritoire.support.models import Attachment, Ticket, TicketMessage


class Enclosed(Protocol):
    """What is enclosed: a part of a mail, or an uploaded file made one."""

    @property
    def name(self) -> str: ...
    @property
    def content(self) -> bytes: ...


Files = Iterable[Enclosed]
ORPHAN_SECONDS = 24 * 3600
ANYTHING = "application/octet-stream"
PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


def files_keep(
    *, ticket: Ticket, files: Files, message: TicketMessage | None = None, is_original: bool = False
) -> None:
    """In the transaction of what they came with. Bytes of one that is rolled back are swept later."""
    for file in files:
        row = Attachment(
            ticket=ticket,
            message=message,
            name=safe_name(file.name),
            media_type=media_type(file.content),
            size=len(file.content),
            digest=hashlib.sha256(file.content).hexdigest(),
            is_original=is_original,
        )
        _write(settings.ATTACHMENTS_DIR / row.path, file.content)
        row.save()


def content_of(attachment: Attachment) -> bytes:
    return bytes((settings.ATTACHMENTS_DIR / attachment.path).read_bytes())


def safe_name(name: str) -> str:
    """A name that says nothing to a file system or a header: no folder, no control or direction character, 120 at most."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(char for char in last if unicodedata.category(char)[0] != "C")
    kept = re.sub(r'[<>:"|?*\s]+', " ", kept).strip(" .")
    stem, dot, extension = kept.rpartition(".")
    if dot and len(extension) <= 10:  # noqa: PLR2004 - what programs open by
        return f"{stem[: 119 - len(extension)]}.{extension}"
    return kept[:120] or "piece"


def media_type(content: bytes) -> str:
    """What the first bytes say."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in PICTURES.items() if content.startswith(start)), ANYTHING)


def _write(path: Path, content: bytes) -> None:
    """Whole on the disk before its row exists; readable by nginx alone beside us, whose group the folder above gives."""
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o750, exist_ok=True)
    if _link(path):
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


def _link(path: Path) -> bool:
    """The same content is kept once: each file of a folder is another name of it, and the last one to go takes it away."""
    for known in path.parent.iterdir():
        try:
            path.hardlink_to(known)
            os.utime(path)  # fresh again for the sweep: the row is not there yet
        except OSError:  # it has just gone, or has as many names as the file system bears
            continue
        return True
    return False


@receiver(post_delete, sender=Attachment)
def _gone(instance: Attachment, **kwargs: Any) -> None:
    transaction.on_commit(partial(_remove, settings.ATTACHMENTS_DIR / instance.path))


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    for folder in (path.parent, path.parent.parent):
        try:
            folder.rmdir()
        except OSError:  # others are there
            return


def orphans_sweep() -> int:
    """Remove files without a row, a day old: what a transaction that failed left."""
    old = [path for path in settings.ATTACHMENTS_DIR.glob("*/*/*") if _is_old(path)]
    known = set(Attachment.objects.filter(key__in=[path.name for path in old]).values_list("key", flat=True))
    orphans = [path for path in old if path.name not in {str(key) for key in known}]
    for path in orphans:
        _remove(path)
    return len(orphans)


def _is_old(path: Path) -> bool:
    return path.is_file() and time.time() - path.stat().st_mtime > ORPHAN_SECONDS
