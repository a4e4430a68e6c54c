"""The demonstration académie, on a data directory of its own kind: it cannot be loaded over real people."""

from __future__ import annotations

import time

from .errors import LauncherError
from .house import House
from .site import Site


def mark(site: Site) -> None:
    """Make ``site`` a demonstration. Refused on an installation that already serves."""
    if site.demo:
        return
    if site.config.site.profile == "production":
        raise LauncherError("--demo is not for the production profile: its people and passwords are invented")
    if (site.store("postgres") / "15" / "PG_VERSION").exists():
        raise LauncherError(f"{site.data} already holds a real installation: give the demonstration another data_dir")
    site.data.mkdir(parents=True, exist_ok=True)
    (site.data / "demo").mkdir()


def load(house: House) -> None:
    """Load people and mail; a second time finds everything there."""
    start = time.monotonic()
    house.manage("demo_load")
    house.follow_academies()
    house.report("demonstration", time.monotonic() - start)
