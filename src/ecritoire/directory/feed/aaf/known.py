"""What a delta leaves unsaid, because the receiver knows it from the complete set before."""

from __future__ import annotations

from typing import Protocol

from ecritoire.directory.feed.record import StaffRecord, StructureRecord


class Known(Protocol):
    """What the source said before: a delta names structures it does not describe, and says of people only what changed."""

    def structure(self, key: str) -> StructureRecord | None:
        """The structure whose AAF key (``ENTStructureJointure``) is ``key``."""

    def staff(self, external_id: str) -> StaffRecord | None:
        """The source's last word on ``external_id``."""


class Nothing:
    """The first set of a source."""

    def structure(self, key: str) -> StructureRecord | None:
        return None

    def staff(self, external_id: str) -> StaffRecord | None:
        return None


class Anything:
    """For a check without a database: whatever a delta refers to is taken to exist."""

    def structure(self, key: str) -> StructureRecord | None:
        return StructureRecord("0000000A", "–", "service")

    def staff(self, external_id: str) -> StaffRecord | None:
        return StaffRecord(external_id, "–", "–")


NOTHING, ANYTHING = Nothing(), Anything()
