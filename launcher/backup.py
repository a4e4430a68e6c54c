"""The whole installation as one archive: data, secrets, certificates, demonstration mark; made while it stands still."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from .errors import LauncherError
from .house import House
from .site import Site

KEPT = ("data", "secrets", "tls", "demo")
LEFT_OUT = ("data/exports/*",)  # copies of the store for a few days


def make(house: House, target: Path) -> int:
    """Stop, archive, start again; returns the archive's size in bytes. The archive is readable by root alone."""
    site = house.site
    if not (site.store("postgres") / "15" / "PG_VERSION").exists():
        raise LauncherError(f"{site.data} holds nothing to back up: run ./ecritoire up")
    if target.exists():
        raise LauncherError(f"{target} exists already: choose another name")
    was_running = house.down()
    try:
        _archive(site, target)
    finally:
        if was_running:
            house.up()
    return target.stat().st_size


def _archive(site: Site, target: Path) -> None:
    fresh = target.with_name(target.name + ".part")
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    names = [name for name in KEPT if (site.data / name).exists()]
    left_out = [f"--exclude={name}" for name in LEFT_OUT]
    _tar(["--create", "--gzip", "--sparse", *left_out, f"--file={fresh}", f"--directory={site.data}", *names])
    fresh.rename(target)


def restore(house: House, source: Path) -> None:
    """Put an archive back into an empty data directory and start. Users are matched by name on this machine."""
    site = house.site
    if not source.is_file():
        raise LauncherError(f"{source} does not exist")
    if (site.data / "data").exists():
        raise LauncherError(f"{site.data} is not empty: move it away first, nothing is overwritten")
    site.data.mkdir(parents=True, exist_ok=True)
    _tar(["--extract", "--gzip", "--preserve-permissions", f"--file={source.resolve()}", f"--directory={site.data}"])


def _tar(arguments: list[str]) -> None:
    outcome = subprocess.run(["tar", *arguments], capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise LauncherError(f"tar: {(outcome.stderr.strip() or 'failed').splitlines()[-1]}")
