"""The file of structures: one line a school or a service."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ecritoire.directory import uai
from ecritoire.directory.addresses import fold
from ecritoire.directory.models import Structure

from . import table
from .record import Entry, StructureRecord
from .table import Fault

COLUMNS = ("uai", "nom", "type", "ville")
KINDS = {
    "ecole": Structure.Kind.PRIMARY,
    "college": Structure.Kind.MIDDLE,
    "lycee": Structure.Kind.HIGH,
    "lycee professionnel": Structure.Kind.VOCATIONAL,
    "service": Structure.Kind.SERVICE,
}


def structure_entries(content: bytes) -> Iterator[Entry]:
    rows, faults = table.read(content, COLUMNS)
    yield from faults
    seen: set[str] = set()
    for row in rows:
        wrong = _faults(row, seen)
        seen.add(row.cells["uai"].upper())
        if wrong:
            yield from wrong
        else:
            yield _record(row)


def _record(row: table.Row) -> StructureRecord:
    cells = row.cells
    return StructureRecord(cells["uai"].upper(), cells["nom"], KINDS[fold(cells["type"])], cells["ville"], row.line)


def _faults(row: table.Row, seen: set[str]) -> list[Fault]:
    cells, faults = row.cells, []
    code = cells["uai"].upper()
    if not uai.is_valid(code):
        words = _("Un UAI compte sept chiffres et la lettre de contrôle qui leur répond.")
        faults.append(Fault(row.line, "uai", code, words))
    elif code in seen:
        faults.append(Fault(row.line, "uai", code, _("Cet UAI figure deux fois dans le fichier.")))
    if fold(cells["type"]) not in KINDS:
        words = _("Type inconnu ; attendus : %(kinds)s.") % {"kinds": ", ".join(KINDS)}
        faults.append(Fault(row.line, "type", cells["type"], words))
    if not cells["nom"]:
        faults.append(Fault(row.line, "nom", "", _("Le nom manque.")))
    return faults
