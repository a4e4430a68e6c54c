from __future__ import annotations

from dataclasses import asdict, dataclass, field

from .table import Fault

SAMPLE = 12


@dataclass
class FeedReport:
    """What a file would change, or has changed. ``counts`` by kind; ``sample`` a few lines of each kind, with names."""

    rows: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    sample: dict[str, list[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    seconds: float = 0.0

    def note(self, kind: str, text: str) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        shown = self.sample.setdefault(kind, [])
        if len(shown) < SAMPLE:
            shown.append(text)

    @property
    def ok(self) -> bool:
        return not self.faults

    @property
    def changes(self) -> bool:
        return any(count for kind, count in self.counts.items() if kind != "unchanged")

    def faults_json(self) -> list[dict[str, object]]:
        return [asdict(fault) for fault in self.faults]
