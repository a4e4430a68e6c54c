"""A mapped file as records: read as a stream, however long, the lines of one person gathered wherever they stand."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from ecritoire.directory.feed.codec import dumps, loads
from ecritoire.directory.feed.encoding import encoding_of
from ecritoire.directory.feed.gather import Gatherer
from ecritoire.directory.feed.record import Entry, Removal, StaffRecord
from ecritoire.directory.feed.table import NOT_CSV, Fault, Unreadable

from .document import SEPARATORS, Mapping, MappingInvalid
from .row import Row

HEADER_SIZE = 65_536
REMOVED, REFUSED = "removed", "refused"


def read_mapped(file: BinaryIO, mapping: dict[str, Any]) -> Iterator[Entry]:
    """What ``file`` says of people by ``mapping``: one record a person, whose lines all agree, and the faults.

    Somebody with one line at fault is left out altogether: half of what is said of a person would end the other half.
    Raises Unreadable when the mapping is wrong or the file is no CSV with its columns.
    """
    try:
        rules = Mapping.parse(mapping)
    except MappingInvalid as error:
        raise Unreadable(
            _("La correspondance de cette source est incorrecte : %(faults)s") % {"faults": error}
        ) from error
    with Gatherer() as people:
        for line in _lines(file, rules):
            if isinstance(line, Fault):
                yield line
            else:
                yield from _gather(Row(*line, rules), rules, people)
        for key, mentions in people.groups():
            if REFUSED in mentions:
                continue
            yield from _one(key, [loads(mention) for mention in mentions if mention != REMOVED])


def _gather(row: Row, rules: Mapping, people: Gatherer) -> Iterator[Fault]:
    if row.removes and row.key:
        people.add(row.key, REMOVED, row.line)
        return
    record = row.record()
    for attribute, value, message in row.faults:
        yield Fault(row.line, rules.columns.get(attribute, attribute), value, message)
    if row.key:
        people.add(row.key, REFUSED if row.faults else dumps(record), row.line)


def _one(key: str, records: Sequence[StaffRecord]) -> Iterator[Entry]:
    if not records:
        yield Removal(key)
        return
    first = records[0]
    other = next((record for record in records if _identity(record) != _identity(first)), None)
    if other is not None:
        message = _("Cet identifiant désigne une autre personne, ou autrement, à la ligne %(line)s.") % {
            "line": first.line
        }
        yield Fault(other.line, "external_id", key, message)
        return
    twice = _contract_twice(records)
    if twice is not None:
        message = _("Ce numéro de contrat a déjà d'autres dates pour la même personne : gardez l'une des deux lignes.")
        yield Fault(twice.line, "contract_number", twice.terms[0].number, message)
        return
    yield replace(
        first,
        postings=tuple(dict.fromkeys(item for record in records for item in record.postings)),
        terms=tuple(dict.fromkeys(item for record in records for item in record.terms)),
        absences=tuple(dict.fromkeys(item for record in records for item in record.absences)),
    )


def _identity(record: StaffRecord) -> StaffRecord:
    return replace(record, line=0, postings=(), terms=(), absences=())


def _contract_twice(records: Iterable[StaffRecord]) -> StaffRecord | None:
    seen: dict[str, object] = {}
    for record in records:
        for term in record.terms:
            if seen.setdefault(term.number, term) != term:
                return record
    return None


def _lines(file: BinaryIO, rules: Mapping) -> Iterator[tuple[int, dict[str, str]] | Fault]:
    """The cells of each line by attribute. ``strict``: a quote in the wrong place is an error, not a value."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=_encoding(file, rules), newline="")
    reader = csv.reader(text, delimiter=rules.separator or _separator(text), strict=True)
    try:
        names = [name.strip().lower() for name in next(reader)]
        places = _places(names, rules)
        start = reader.line_num + 1
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(names):
                counts = {"found": len(cells), "expected": len(names)}
                yield Fault(line, "", "", _("%(found)s cellules au lieu de %(expected)s.") % counts)
                continue
            yield line, rules.fixed | {name: " ".join(cells[place].split()) for name, place in places.items()}
    except csv.Error as error:
        message = _("Guillemets ou séparateurs incorrects (%(error)s).") % {"error": error}
        raise Unreadable(message, reader.line_num) from error
    except UnicodeDecodeError as error:
        message = _("Un octet (0x%(byte)02X) n'est pas un caractère dans l'encodage convenu.")
        raise Unreadable(message % {"byte": error.object[error.start]}, reader.line_num) from error
    finally:
        text.detach()


def _encoding(file: BinaryIO, rules: Mapping) -> str:
    mark = file.read(8)
    kind = next((name for known, name in NOT_CSV.items() if mark.startswith(known)), None)
    if not mark:
        raise Unreadable(_("Le fichier est vide."))
    if kind:
        raise Unreadable(_("Ce fichier est %(kind)s : exportez-le en CSV.") % {"kind": kind})
    found = rules.encoding or encoding_of(file)
    file.seek(0)
    return "utf-8-sig" if found == "utf-8" else found


def _separator(text: io.TextIOWrapper) -> str:
    header = text.readline(HEADER_SIZE)
    text.seek(0)
    return max(SEPARATORS, key=header.count)


def _places(names: list[str], rules: Mapping) -> dict[str, int]:
    missing = [column for column in rules.columns.values() if column.strip().lower() not in names]
    if missing:
        raise Unreadable(
            _("Colonne manquante : %(names)s. Corrigez le fichier, ou la correspondance de la source.")
            % {"names": ", ".join(dict.fromkeys(missing))},
            1,
            ";".join(names)[:200],
        )
    twice = next((column for column in rules.columns.values() if names.count(column.strip().lower()) > 1), None)
    if twice:
        raise Unreadable(_("La colonne %(name)s figure deux fois dans l'en-tête.") % {"name": twice}, 1)
    return {attribute: names.index(column.strip().lower()) for attribute, column in rules.columns.items()}
