"""Memory of the stack, a line a program (proportional set size: shared pages divided among their sharers)."""

from __future__ import annotations

from launcher.site import Site
from launcher.status import memory
from launcher.supervisor import Supervisor


def run(site: Site) -> None:
    supervisor = Supervisor(site)
    rows = {name: memory(row["pid"]) for name, row in supervisor.states().items()}
    rows["supervisor"] = memory(int((site.data / "run" / "supervisord.pid").read_text())) - sum(rows.values())
    for name, size in sorted(rows.items(), key=lambda row: -row[1]):
        print(f"{name:<12} {size / 1e6:8.0f} MB")
    print(f"{'total':<12} {sum(rows.values()) / 1e6:8.0f} MB  (aim: under 1,000)")
