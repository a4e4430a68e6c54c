"""Who plays: people of the demonstration made for the film, and the mail they receive elsewhere."""

from __future__ import annotations

import json
import mailbox
import re
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from launcher.house import manage_command
from launcher.site import Site

WAIT_SECONDS = 60


@dataclass
class Cast:
    site: Site
    seen: set[Path] = field(default_factory=set)

    def agent(self, given_name: str, family_name: str, *, newcomer: bool = False) -> dict[str, Any]:
        """An activated agent, or one who has only a letter."""
        arguments = ["demo_agent", "--given-name", given_name, "--family-name", family_name]
        command = manage_command(self.site, [*arguments, *(["--newcomer"] if newcomer else [])])
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        self.seen = set(self._letters())
        made: dict[str, Any] = json.loads(told)
        return made

    def manage(self, *arguments: str) -> None:
        subprocess.run(manage_command(self.site, list(arguments)), capture_output=True, check=True)

    def code(self) -> str:
        """The six digits of the newest message at the alternate address."""
        return self._found(r"(?m)^\s*(\d{6})\s*$")

    def _found(self, pattern: str) -> str:
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            for path in set(self._letters()) - self.seen:
                body = mailbox.MaildirMessage(path.read_bytes()).get_payload(decode=True)
                found = re.search(pattern, bytes(body).decode(errors="replace")) if isinstance(body, bytes) else None
                if found:
                    return found[1]
            time.sleep(0.1)
        raise LookupError(f"no message with {pattern} came")

    def _letters(self) -> list[Path]:
        return list((self.site.store("partner") / "sonde" / "new").glob("*"))
