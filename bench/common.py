"""The instance measured, who signs in, and how figures are printed."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable

from launcher import config
from launcher.house import House
from launcher.site import Site

MAILBOX_MESSAGES = 20_000
PERSON = "Manon"  # an agent, of whom no second factor is asked


def prepare() -> Site:
    """The running demonstration, with a mailbox of twenty thousand messages (made once, indexed)."""
    site = Site(config.load())
    if not site.demo:
        raise SystemExit("the measures run on a demonstration: ./ecritoire up --demo")
    done = site.data / "demo" / f"bench-mailbox-{PERSON}"
    if not done.exists():
        print(f"filling a mailbox with {MAILBOX_MESSAGES} messages (once)")
        House(site, lambda *_: None).manage(
            "demo_mailbox", person(site, PERSON)["sign_in"], f"--count={MAILBOX_MESSAGES}"
        )
        done.touch()
    return site


def person(site: Site, name: str) -> dict[str, str]:
    people: list[dict[str, str]] = json.loads((site.data / "demo" / "people.json").read_text())
    return next(one for one in people if one["name"].startswith(name))


def in_turn(measured: Callable[[], object], control: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median milliseconds of each, run A B A B… after a warm-up of each."""
    times: dict[Callable[[], object], list[float]] = {measured: [], control: []}
    for rank in range(rounds + 3):
        for work, seen in times.items():
            start = time.perf_counter()
            work()
            if rank > 2:
                seen.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[measured]), statistics.median(times[control])


def show(what: str, measured: float, control: float, unit: str, aim: str) -> None:
    print(
        f"{what:<44} {measured:9.1f} {unit:<5} control {control:9.1f} {unit:<5} ratio {measured / control:5.2f}  (aim: {aim})"
    )
