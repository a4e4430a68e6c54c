"""The folder in which one archive is made: what is written so far, which parts are whole, and who works on it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings

from .zip64 import Position, ZipWriter

ARCHIVE = "archive.zip"


@dataclass
class Progress:
    """What survives a crash: the parts that are whole, and where the archive stood after the last of them."""

    position: list[int] = field(default_factory=lambda: list(Position()))
    parts: list[str] = field(default_factory=list)
    messages: int = 0
    told: dict[str, int] = field(default_factory=dict)  # what the READ ME counts: files a part


class Workshop:
    def __init__(self, key: uuid.UUID) -> None:
        self.folder = Path(settings.EXPORTS_DIR) / str(key)

    @property
    def archive(self) -> Path:
        """Exists once the archive is whole, never before."""
        return self.folder / ARCHIVE

    @contextmanager
    def open_alone(self) -> Iterator[bool]:
        """Whether nobody else works here. The kernel ends the lock with the process, whatever ends that."""
        self.folder.mkdir(mode=0o2750, exist_ok=True)
        with _locked(self.folder / "lock") as alone:
            yield alone

    def progress(self) -> Progress:
        try:
            return Progress(**json.loads((self.folder / "progress.json").read_text()))
        except FileNotFoundError:
            return Progress()

    def writer(self, progress: Progress) -> ZipWriter:
        return ZipWriter(self.folder / "archive.part", self.folder / "directory.part", Position(*progress.position))

    def keep(self, progress: Progress, writer: ZipWriter) -> None:
        """A part is whole: whatever happens, it is not written again."""
        progress.position = list(writer.position())
        fresh = self.folder / "progress.part"
        with fresh.open("w") as file:
            json.dump(asdict(progress), file)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(self.folder / "progress.json")

    def complete(self) -> int:
        """The finished archive takes its name, which nginx may read; returns its size."""
        part = self.folder / "archive.part"
        part.chmod(0o640)
        part.rename(self.archive)
        for name in ("directory.part", "progress.json", "index.part"):
            (self.folder / name).unlink(missing_ok=True)
        return self.archive.stat().st_size

    def clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def free_bytes() -> int:
    return shutil.disk_usage(settings.EXPORTS_DIR).free


def strays(known: set[str]) -> Iterator[Path]:
    """Folders of archives nobody knows any more."""
    for path in Path(settings.EXPORTS_DIR).iterdir():
        if path.is_dir() and path.name not in known:
            yield path


@contextmanager
def turn() -> Iterator[bool]:
    """Whether it is our turn to make archives: one process at a time."""
    with _locked(Path(settings.EXPORTS_DIR) / "turn") as ours:
        yield ours


@contextmanager
def _locked(path: Path) -> Iterator[bool]:
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
