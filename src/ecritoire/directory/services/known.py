"""What a source said before, for the readers of deltas that leave unsaid what did not change."""

from __future__ import annotations

from ecritoire.directory.feed.record import StaffRecord, StructureRecord
from ecritoire.directory.models import FeedSource, SourceRecord, SourceStructure

from .engine.staging import record_of


class KnownToSource:
    """The ``Known`` of the AAF reader, in the database."""

    def __init__(self, source: FeedSource) -> None:
        self._source = source
        self._structures: dict[str, StructureRecord | None] = {}

    def structure(self, key: str) -> StructureRecord | None:
        if key not in self._structures:
            named = SourceStructure.objects.filter(source=self._source, external_id=key).select_related("structure")
            self._structures[key] = _structure_record(named.first())
        return self._structures[key]

    def staff(self, external_id: str) -> StaffRecord | None:
        record = SourceRecord.objects.filter(source=self._source, external_id=external_id, gone_on__isnull=True).first()
        return record_of(external_id, record.said) if record else None


def _structure_record(named: SourceStructure | None) -> StructureRecord | None:
    if named is None:
        return None
    found = named.structure
    return StructureRecord(found.uai, found.name, found.kind, found.city, external_id=named.external_id)
