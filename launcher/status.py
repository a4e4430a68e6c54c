"""What runs, since when, with how much memory."""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from .house import wanted
from .supervisor import Supervisor


def show(supervisor: Supervisor, console: Console) -> int:
    """Print the table; 0 when everything runs and answers."""
    if not supervisor.running():
        console.print("nothing is running: ./ecritoire up")
        return 1
    table = Table("program", "state", "since", "memory", "answers", box=None)
    states, healthy = supervisor.states(), True
    for daemon in wanted(supervisor.site):
        answers = daemon.ready(supervisor.site)
        for program in daemon.programs(supervisor.site):
            row = states.get(program.name, {"statename": "UNKNOWN", "start": 0, "pid": 0})
            running = row["statename"] == "RUNNING"
            healthy = healthy and running and answers
            since = f"{(time.time() - row['start']) / 60:.0f} min" if running else ""
            megabytes = f"{memory(row['pid']) / 1e6:.0f} MB" if running else ""
            table.add_row(program.name, row["statename"].lower(), since, megabytes, "yes" if answers else "[red]no[/]")
    console.print(table)
    return 0 if healthy else 1


def memory(pid: int) -> int:
    """Bytes of a process and its descendants, shared pages divided among their sharers (PSS)."""
    children = _children()
    pending, total = [pid], 0
    while pending:
        current = pending.pop()
        pending += children.get(current, [])
        total += _pss(current)
    return total


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    return found


def _pss(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:")), 0)
