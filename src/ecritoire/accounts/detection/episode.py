"""One alert per episode: what goes on is added to the alert that was already sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from .events import Finding

GAP = dt.timedelta(days=30)
NETWORK_GAP = dt.timedelta(days=90)
NETWORK = "network:"


def subjects(findings: Iterable[Finding], network: str) -> set[str]:
    """What an episode is about: the same network goes on, or the same thing again."""
    return {f"{finding.kind}:{finding.subject}" for finding in findings} | (
        {f"{NETWORK}{network}"} if network else set()
    )


def continues(*, known: set[str], last_at: dt.datetime, found: set[str], at: dt.datetime) -> bool:
    """Whether what was ``found`` at ``at`` belongs to an episode last seen at ``last_at``.

    Who works through a gateway abroad and never answers is told once a season, not at each visit.
    """
    common, passed = known & found, at - last_at
    same_network = any(subject.startswith(NETWORK) for subject in common)
    return bool(common) and passed <= (NETWORK_GAP if same_network else GAP)
