"""What somebody brings: a file, a folder or an archive, each part of it with the source it comes from and how it is read."""

from __future__ import annotations

import csv
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from ecritoire.directory.feed import staff, structures
from ecritoire.directory.feed.aaf.reader import AafSet
from ecritoire.directory.feed.aaf.sets import files_in
from ecritoire.directory.feed.mapping import read_mapped, ready_mapping, ready_mappings
from ecritoire.directory.feed.record import Entry
from ecritoire.directory.feed.table import Unreadable
from ecritoire.directory.models import FeedMode, FeedSource, Organisation

from .known import KnownToSource
from .sources import aaf_source_ensure, default_source_ensure, mapped_source_ensure

UNPACKED_LIMIT, FILES_LIMIT = 8_000_000_000, 5_000
HEADER_SIZE = 65_536
SEPARATORS = ";,\t|"


@dataclass(frozen=True)
class Part:
    """What one source says in a delivery: an AAF folder or a CSV file."""

    path: Path
    source: FeedSource
    mode: str

    def entries(self) -> Iterator[Entry]:
        """Reads as it is asked. Raises Unreadable."""
        if self.path.is_dir():
            yield from AafSet(self.path, known=KnownToSource(self.source)).entries()
        elif _is_table(self.path, structures.COLUMNS):
            yield from structures.structure_entries(self.path.read_bytes())
        elif self.source.mapping:
            with self.path.open("rb") as file:
                yield from read_mapped(file, self.source.mapping)
        else:
            yield from staff.staff_entries(self.path.read_bytes())


@contextmanager
def delivery(*, path: Path, organisation: Organisation, source: FeedSource | None = None) -> Iterator[list[Part]]:
    """The parts of ``path``, structures first. Without a ``source`` each goes to the one it fits. Raises Unreadable."""
    if not path.exists():
        raise Unreadable(_("Ce fichier n'existe pas."), 0, path.name)
    if path.is_file() and zipfile.is_zipfile(path):
        with tempfile.TemporaryDirectory(prefix="ecritoire-feed-") as folder:
            _unpack(path, Path(folder))
            yield _parts(Path(folder), organisation, source)
    else:
        yield _parts(path, organisation, source)


def _parts(path: Path, organisation: Organisation, source: FeedSource | None) -> list[Part]:
    if path.is_file():
        return [_table_part(path, organisation, source, None)]
    parts, mode, tables = [], None, sorted(path.glob("*.csv"))
    if any(path.glob("*.xml")) or not tables:
        mode = FeedMode.DELTA if files_in(path).delta else FeedMode.COMPLETE
        parts.append(Part(path, source or aaf_source_ensure(organisation=organisation), mode))
    if source is not None and parts:
        return parts  # the tables beside it are another source's
    tables.sort(key=lambda table: not _is_table(table, structures.COLUMNS))
    return parts + [_table_part(table, organisation, source, mode) for table in tables]


def _table_part(path: Path, organisation: Organisation, source: FeedSource | None, mode: str | None) -> Part:
    """A table beside an AAF set is complete or not as the set is."""
    if source is not None and source.kind != FeedSource.Kind.CSV:
        raise Unreadable(
            _("Cette source attend un jeu AAF : un dossier ou une archive zip de fichiers XML."), 0, path.name
        )
    if _is_table(path, structures.COLUMNS):
        return Part(path, source or default_source_ensure(organisation=organisation), FeedMode.DELTA)
    source = source or _fitting(path, organisation)
    return Part(path, source, mode or source.mode)


def _fitting(path: Path, organisation: Organisation) -> FeedSource:
    """The source whose mapping uses the most of the file's columns; else the default one; else one made from a ready mapping."""
    known = FeedSource.objects.filter(organisation=organisation, kind=FeedSource.Kind.CSV, is_active=True).exclude(
        mapping={}
    )
    fitting = [source for source in known if _is_table(path, source.mapping.get("columns", {}).values())]
    if fitting:
        return max(fitting, key=lambda source: len(source.mapping["columns"]))
    if _is_table(path, staff.COLUMNS):
        return default_source_ensure(organisation=organisation)
    for name in ready_mappings():
        mapping = ready_mapping(name)
        if _is_table(path, mapping["columns"].values()):
            return mapped_source_ensure(organisation=organisation, name=name, mapping=mapping)
    raise Unreadable(_("Aucune source ne connaît ces colonnes : créez-en une, avec sa correspondance."), 1, path.name)


def _is_table(path: Path, columns: object) -> bool:
    """The file's first line has all of ``columns``."""
    with path.open(encoding="iso-8859-15", newline="") as file:
        header = file.readline(HEADER_SIZE).removeprefix("ï»¿")
    wanted = {str(column).strip().lower() for column in columns}  # type: ignore[attr-defined]
    found = [
        {cell.strip().lower() for cell in row} for mark in SEPARATORS for row in csv.reader([header], delimiter=mark)
    ]
    return bool(wanted) and any(wanted <= cells for cells in found)


def _unpack(archive: Path, folder: Path) -> None:
    """The XML and CSV files of an archive, whatever folders they lie in. Sizes are counted as they are written, not as said."""
    left = UNPACKED_LIMIT
    with zipfile.ZipFile(archive) as packed:
        names = [name for name in packed.namelist() if name.lower().endswith((".xml", ".csv"))]
        if len(names) > FILES_LIMIT:
            raise Unreadable(
                _("Plus de %(limit)s fichiers dans cette archive.") % {"limit": FILES_LIMIT}, 0, archive.name
            )
        for name in names:
            target = folder / PurePosixPath(name.replace("\\", "/")).name
            if target.exists():
                raise Unreadable(_("Deux fichiers de même nom dans cette archive."), 0, target.name)
            left -= _copy(packed, name, target, left)


def _copy(packed: zipfile.ZipFile, name: str, target: Path, left: int) -> int:
    try:
        with packed.open(name) as source, target.open("wb") as file:
            while chunk := source.read(1 << 20):
                if file.tell() + len(chunk) > left:
                    raise Unreadable(_("Cette archive est trop grande une fois ouverte."), 0, name)
                file.write(chunk)
            return file.tell()
    except (zipfile.BadZipFile, RuntimeError, OSError, NotImplementedError) as error:
        raise Unreadable(_("Cette archive est abîmée ou protégée par un mot de passe."), 0, name) from error
