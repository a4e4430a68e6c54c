"""A set as records: the structures first, then the people, each fault in its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from ecritoire.directory import uai
from ecritoire.directory.feed.gather import Gatherer
from ecritoire.directory.feed.record import Entry, Removal, StaffRecord, StructureRecord
from ecritoire.directory.feed.table import Fault, Unreadable

from .known import NOTHING, Known
from .requests import ADD, DELETE, Refuse, Request, requests
from .sets import STAFF, STRUCTURES, Files, files_in
from .several import merged
from .staff import staff_record
from .structures import structure_record


def read_aaf(directory: Path, *, known: Known = NOTHING) -> Iterator[Entry]:
    """The records and the faults of the set, or of the sets of several schools, in ``directory``; see ``AafSet``."""
    return AafSet(directory, known=known).entries()


class AafSet:
    """A folder of AAF files, read as a stream: what is held in memory are the structures, never the people.

    ``files.delta`` says which kind of set it is; ``files.skipped`` which files of pupils and relatives were left alone.
    Raises Unreadable where the folder, or later a file, cannot be read to its end; ``keep_on`` makes that a fault, and
    goes on with the next file.
    """

    def __init__(self, directory: Path, *, known: Known = NOTHING, keep_on: bool = False) -> None:
        self.files: Files = files_in(directory)
        self._known = known
        self._keep_on = keep_on
        self._structures: dict[str, str] = {}
        self._faults: list[Fault] = []
        self.requests = 0

    def entries(self) -> Iterator[Entry]:
        """Everything, once: each fault stands where its record would have stood."""
        yield from self.files.faults
        for path in self.files.structures:
            yield from self._read(path, STRUCTURES)
        people = (entry for path in self.files.staff for entry in self._read(path, STAFF))
        yield from merged(people) if len(self.files.scopes) > 1 else people

    def _read(self, path: Path, content: str) -> Iterator[Entry]:
        with Gatherer() as seen:
            try:
                for request in requests(path):
                    if isinstance(request, Fault):
                        yield request
                        continue
                    self.requests += 1
                    entry = self._entry(request, content, path.name, seen)
                    yield from self._faults
                    self._faults.clear()
                    if entry is not None:
                        yield entry
            except Unreadable as error:
                if not self._keep_on:
                    raise
                yield error.fault

    def _entry(self, request: Request, content: str, file: str, seen: Gatherer) -> Entry | None:
        def refuse(line: int, attribute: str, value: str, message: str) -> None:
            self._faults.append(Fault(line, attribute, value[:80], message, file))

        if request.category != content:
            message = _("Catégorie inattendue dans un fichier %(content)s : cette fiche n'est pas lue.")
            refuse(request.line, "operationalAttributes", request.category, message % {"content": content})
            return None
        if not request.identifier:
            refuse(request.line, "id", "", _("L'identifiant manque : cette fiche n'est pas lue."))
            return None
        if before := seen.first(request.identifier, request.line):
            message = _("Identifiant déjà employé à la ligne %(line)s : cette fiche n'est pas lue.") % {
                "line": before[1]
            }
            refuse(request.line, "id", request.identifier, message)
            return None
        if content == STRUCTURES:
            return self._structure(request, refuse)
        if request.operation == DELETE:
            return Removal(request.identifier, request.line)
        return staff_record(request, self._known_staff(request), self._uai_of, refuse)

    def _structure(self, request: Request, refuse: Refuse) -> StructureRecord | None:
        if request.operation == DELETE:
            return None  # a school that closes loses its people by their own requests; its past stays
        before = self._known.structure(request.identifier) if request.operation != ADD else None
        record = structure_record(request, before, refuse)
        if record is not None:
            self._structures[request.identifier] = record.uai
        return record

    def _known_staff(self, request: Request) -> StaffRecord | None:
        return self._known.staff(request.identifier) if request.operation != ADD else None

    def _uai_of(self, key: str) -> str | None:
        """AAF names structures by a key of its own; some exports by their UAI."""
        if key in self._structures:
            return self._structures[key]
        if uai.is_valid(key.upper()):
            return key.upper()
        known = self._known.structure(key)
        return known.uai if known else None
