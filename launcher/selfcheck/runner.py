"""Runs the checks in turn and prints what they found."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from rich.console import Console

from launcher.audit import verify as audit
from launcher.errors import LauncherError
from launcher.site import Site

from .inside import CLOCK, CUT, JMAP, JOBS, Inside
from .machine import certificates, disk, programs
from .mail import MailProbe
from .web import sign_in


@dataclass(frozen=True)
class Check:
    """One finding. ``ms`` is how long it took; ``detail`` says what was seen, or why it failed."""

    name: str
    ok: bool
    ms: int
    detail: str


def run(site: Site) -> list[Check]:
    """Every check, whatever the others found. Takes a few seconds on a healthy installation."""
    mail, inside = MailProbe(site), Inside(site)
    steps: dict[str, Callable[[], str]] = {
        "programs": lambda: programs(site),
        "web sign-in": lambda: sign_in(site),
        "submission": mail.submission,
        "IMAP": mail.imap,
        "message in from outside": mail.inbound,
        "filter": mail.filtered,
        "signature": mail.signature,
        "message out and back": mail.out_and_back,
        "JMAP": lambda: inside.finding(JMAP),
        "revoked, cut off": lambda: inside.finding(CUT),
        "jobs": lambda: inside.finding(JOBS),
        "audit journal": lambda: audit(site, only_after=True),
        "clock": lambda: inside.finding(CLOCK),
        "disk": lambda: disk(site),
        "certificate dates": lambda: certificates(site),
    }
    checks = []
    for name, step in steps.items():
        start = time.monotonic()
        try:
            ok, detail = True, step()
        except (LauncherError, OSError, ValueError, KeyError, EOFError) as error:
            ok, detail = False, str(error) or type(error).__name__
        except mail.errors as error:
            ok, detail = False, str(error)
        checks.append(Check(name, ok, round((time.monotonic() - start) * 1000), detail))
    mail.clean_up()
    return checks


def show(checks: list[Check], console: Console, as_json: bool) -> int:
    """Print the findings; 0 when all are well."""
    healthy = all(check.ok for check in checks)
    if as_json:
        print(json.dumps({"ok": healthy, "checks": [asdict(check) for check in checks]}, ensure_ascii=False))
    else:
        for check in checks:
            mark = "[green]✓[/]" if check.ok else "[red]✗[/]"
            console.print(f"  {mark} {check.name:<24} {check.ms:>6} ms  {check.detail}", soft_wrap=True)
    return 0 if healthy else 1
