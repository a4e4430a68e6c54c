"""A folder checked without a database: AAF files, and CSV files whose mapping is known."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from .aaf import ANYTHING, NOTHING, AafSet
from .aaf.sets import files_in
from .mapping import read_mapped, ready_mapping, ready_mappings
from .record import Entry, Removal, StaffRecord, StructureRecord
from .table import Fault, Unreadable

AAF = "AAF"
KINDS = {StaffRecord: "people", StructureRecord: "structures", Removal: "removals"}


@dataclass
class Checked:
    """``counts``: records without fault, by what they are, of the AAF set and of each CSV file. ``skipped``: files left
    alone, and why."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0

    def take(self, source: str, entries: Iterable[Entry]) -> None:
        counts = self.counts.setdefault(source, {})
        for entry in entries:
            if isinstance(entry, Fault):
                self.faults.append(entry)
            else:
                kind = KINDS[type(entry)]
                counts[kind] = counts.get(kind, 0) + 1


def validate(folder: Path, *, mapping: dict[str, Any] | None = None) -> Checked:
    """Every fault of every file in ``folder``. ``mapping`` is for CSV files that no ready mapping fits.

    In a delta, structures and people named but not described are taken to be known: only their receiver can tell.
    """
    start, checked = time.monotonic(), Checked()
    tables = sorted(folder.glob("*.csv"))
    if any(folder.glob("*.xml")) or not tables:
        checked.take(AAF, _aaf(folder, checked))
    for path in tables:
        checked.take(path.name, _csv(path, mapping, checked))
    checked.seconds = time.monotonic() - start
    return checked


def _aaf(folder: Path, checked: Checked) -> Iterator[Entry]:
    try:
        known = ANYTHING if files_in(folder).delta else NOTHING
        found = AafSet(folder, known=known, keep_on=True)
    except Unreadable as error:
        yield error.fault
        return
    checked.skipped += [(name, _("élèves et responsables : non lu")) for name in found.files.skipped]
    yield from found.entries()


def _csv(path: Path, mapping: dict[str, Any] | None, checked: Checked) -> Iterator[Entry]:
    chosen = mapping or _fitting(path)
    if chosen is None:
        checked.skipped.append((path.name, _("aucune correspondance connue ne convient : non lu")))
        return
    try:
        with path.open("rb") as file:
            for entry in read_mapped(file, chosen):
                yield _in(path.name, entry) if isinstance(entry, Fault) else entry
    except Unreadable as error:
        yield _in(path.name, error.fault)


def _in(file: str, fault: Fault) -> Fault:
    return Fault(fault.line, fault.column, fault.value, fault.message, file)


def _fitting(path: Path) -> dict[str, Any] | None:
    """The ready mapping whose columns the file all has."""
    with path.open(encoding="iso-8859-15", newline="") as file:
        line = file.readline(65_536)
    for name in ready_mappings():
        mapping = ready_mapping(name)
        for separator in (";", ",", "\t"):
            cells = {cell.strip().lower() for cell in next(csv.reader([line], delimiter=separator), [])}
            if {column.lower() for column in mapping["columns"].values()} <= cells:
                return mapping
    return None
