"""What only the application can see, asked in one command."""

from __future__ import annotations

import json
import subprocess

from launcher.errors import LauncherError
from launcher.house import manage_command
from launcher.site import Site

JMAP, CUT, JOBS, CLOCK = "jmap", "cut", "jobs", "clock"


class Inside:
    """Runs ``selfcheck_inside`` once, at the first question."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._findings: dict[str, dict[str, str]] | None = None

    def finding(self, name: str) -> str:
        if self._findings is None:
            command = manage_command(self._site, ["selfcheck_inside"])
            outcome = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
            if outcome.returncode:
                raise LauncherError((outcome.stderr.strip() or "no message").splitlines()[-1])
            self._findings = json.loads(outcome.stdout)
        finding = self._findings[name]
        if "error" in finding:
            raise LauncherError(finding["error"])
        return finding["detail"]
