"""Folders that other systems put their files in: ``<slug>/`` of each watched source, read every minute.

A file or folder is put there under its name at once (a rename); one whose name starts with a dot or ends in ``.part`` or ``.tmp``
is still on its way. In the order of their names each is taken in, then moved to ``done/``, ``refused/`` or ``waiting/`` with its
report beside it. While a run of the source waits for a decision the files behind it wait too: a delta may not overtake another.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.directory.feed.table import Unreadable
from ecritoire.directory.models import FeedRun, FeedSource

from .arrivals import path_apply, path_refused
from .records import SourceBusy

State = FeedRun.State
FOLDERS = {State.REFUSED: "refused", State.WAITING: "waiting"}
DONE = "done"
OURS = {DONE, *FOLDERS.values(), "uploads"}
UNFINISHED = (".part", ".tmp", ".filepart")


def source_folder(source: FeedSource) -> Path:
    return Path(settings.FEEDS_DIR) / source.slug


def folders_watch() -> list[tuple[Path, str]]:
    """Take in whatever has arrived; returns where each thing went and its state."""
    taken = []
    for source in FeedSource.objects.filter(is_watched=True, is_active=True).select_related("organisation"):
        folder = source_folder(source)
        folder.mkdir(parents=True, exist_ok=True, mode=0o2770)
        try:
            taken += list(_empty(folder, source))
        except SourceBusy:
            continue  # the next minute will do
    return taken


def _empty(folder: Path, source: FeedSource) -> Iterator[tuple[Path, str]]:
    for path in _arrived(folder):
        if FeedRun.objects.filter(source=source, state=State.WAITING).exists():
            return
        state, report = _take(path, source)
        yield _put_away(path, state, report), state


def _arrived(folder: Path) -> list[Path]:
    found = (path for path in folder.iterdir() if path.name not in OURS)
    return sorted(path for path in found if not path.name.startswith(".") and not path.name.endswith(UNFINISHED))


def _take(path: Path, source: FeedSource) -> tuple[str, dict[str, Any]]:
    try:
        if path.is_symlink():
            raise Unreadable(_("Un lien n'est pas suivi : déposez le fichier lui-même."), 0, path.name)
        outcome = path_apply(path=path, organisation=source.organisation, acting_user=None, source=source)
    except Unreadable as error:
        path_refused(source=source, error=error, file_name=path.name, acting_user=None)
        return State.REFUSED, {"state": State.REFUSED, "refused": 1, "faults": [asdict(error.fault)]}
    return outcome.state, outcome.as_json()


def _put_away(path: Path, state: str, report: dict[str, Any]) -> Path:
    """Beside ``done/20260901T070000-name`` stands ``done/20260901T070000-name.json``."""
    folder = path.parent / FOLDERS.get(State(state) if state in FOLDERS else State.APPLIED, DONE)
    folder.mkdir(exist_ok=True, mode=0o2770)
    target = folder / f"{timezone.localtime():%Y%m%dT%H%M%S%f}-{path.name}"
    target.with_name(target.name + ".json").write_text(
        json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    os.replace(path, target)
    return target
