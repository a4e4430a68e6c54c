"""The whole installation as one archive: data, secrets, certificates, demonstration mark; made while it stands still."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from pathlib import Path

from .errors import LauncherError
from .house import House
from .site import Site

KEPT = ("data", "secrets", "tls", "demo")


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


def kept_until(house: House) -> dt.date:
    """The last day of an archive made today: what proofs of purge name as the last day of a copy."""
    return dt.date.today() + dt.timedelta(days=house.site.config.lifecycle.backup_days)


def _archive(site: Site, target: Path) -> None:
    fresh = target.with_name(target.name + ".part")
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    names = [name for name in KEPT if (site.data / name).exists()]
    _tar(["--create", "--gzip", "--sparse", f"--file={fresh}", f"--directory={site.data}", *names])
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
