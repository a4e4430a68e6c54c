from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from .table import Fault

SAMPLE = 12
FAULTS_KEPT = 5_000
PEOPLE = ("created", "changed", "ended", "doubtful", "unchanged")


@dataclass
class FeedReport:
    """What a feed would change, or has changed.

    ``counts`` by kind of change, ``people`` by what became of each person (``PEOPLE``), ``sample`` a few lines of each kind with
    names. ``is_whole`` is false when the feed could not be read to its end. ``state`` is a ``FeedRun.State``, or empty where nothing changed and so nothing was kept; ``brakes`` say what stopped it.
    """

    rows: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    sample: dict[str, list[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    faults_total: int = 0
    brakes: list[dict[str, Any]] = field(default_factory=list)
    is_whole: bool = True
    seconds: float = 0.0
    state: str = ""
    run_id: int | None = None

    def refuse(self, *faults: Fault) -> None:
        """Note what is wrong; beyond some thousands it is only counted."""
        self.faults_total += len(faults)
        self.faults += faults[: max(0, FAULTS_KEPT - len(self.faults))]

    @property
    def ok(self) -> bool:
        return not self.faults_total

    @property
    def changes(self) -> bool:
        return any(count for kind, count in self.counts.items() if kind != "unchanged")

    def faults_json(self) -> list[dict[str, object]]:
        return [asdict(fault) for fault in self.faults]

    def as_json(self) -> dict[str, Any]:
        """What commands print: stable names."""
        return {
            "state": self.state or "unchanged",
            "run": self.run_id,
            "rows": self.rows,
            **{name: self.people.get(name, 0) for name in PEOPLE},
            "refused": self.faults_total,
            "seconds": round(self.seconds, 3),
            "kinds": self.counts,
            "names": self.sample,
            "brakes": self.brakes,
            "faults": self.faults_json(),
        }
