"""What our own server found when the message came in (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ecritoire.mailflow.authentication_results import statements

METHODS = ("spf", "dkim", "dmarc")
RESULT = re.compile(r"^\s*(spf|dkim|dmarc)\s*=\s*([a-z]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Check:
    method: str
    result: str

    @property
    def passed(self) -> bool:
        return self.result == "pass"

    @property
    def failed(self) -> bool:
        return self.result in {"fail", "permerror"}

    @property
    def label(self) -> str:
        return self.method.upper()


def authentication_checks(headers: Iterable[str], *, server: str) -> list[Check]:
    """One result for each method, from the ``Authentication-Results`` that ``server`` wrote; others prove nothing."""
    for header in headers:
        found = _checks(header, server)
        if found is not None:
            return found
    return []


def _checks(header: str, server: str) -> list[Check] | None:
    identifier, *found = statements(header) or [""]
    if identifier.split()[:1] != [server]:
        return None
    best: dict[str, Check] = {}
    for statement in found:
        match = RESULT.match(statement)
        if match:
            check = Check(match[1].lower(), match[2].lower())
            if check.method not in best or check.passed:
                best[check.method] = check
    return [best[method] for method in METHODS if method in best]
