"""Debian packages: installed when missing, without starting Debian's own instances."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from .errors import LauncherError

POLICY = Path("/usr/sbin/policy-rc.d")
CLUSTER_CONFIG = Path("/etc/postgresql-common/createcluster.conf")
FOR_TESTS = ("chromium", "swaks", "poppler-utils")


def for_tests() -> tuple[str, ...]:
    """What the tests need; Debian's Node.js would drive out one that came with an npm of its own."""
    return FOR_TESTS if shutil.which("npm") else (*FOR_TESTS, "nodejs", "npm")


def missing(names: Iterable[str]) -> list[str]:
    command = ["dpkg-query", "-W", "-f=${db:Status-Status} ${Package}\n", *names]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    present = {line.split()[1] for line in listed if line.startswith("installed ")}
    return [name for name in names if name not in present]


def install(names: Iterable[str]) -> list[str]:
    """Install what is missing of ``names``; returns what was installed. Raises LauncherError with apt's reason."""
    wanted = missing(tuple(names))
    if not wanted:
        return []
    if shutil.which("apt-get") is None:
        raise LauncherError(f"these packages are missing and apt-get is not here to install them: {' '.join(wanted)}")
    _keep_postgresql_from_making_a_cluster()
    with _nothing_started():
        _apt(["update"])
        _apt(["install", "-y", "--no-install-recommends", *wanted])
    _disable_units(wanted)
    return wanted


def _apt(arguments: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", *arguments]
    outcome = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if outcome.returncode:
        reasons = [line for line in (outcome.stderr + outcome.stdout).splitlines() if line.startswith(("E:", "W:"))]
        raise LauncherError(
            f"apt-get {arguments[0]} failed: {reasons[0] if reasons else outcome.stderr.strip()[-300:]}"
        )


@contextlib.contextmanager
def _nothing_started() -> Iterator[None]:
    """Debian's way of saying that no service may start now (invoke-rc.d)."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def _keep_postgresql_from_making_a_cluster() -> None:
    if not CLUSTER_CONFIG.exists():
        CLUSTER_CONFIG.parent.mkdir(parents=True, exist_ok=True)
        CLUSTER_CONFIG.write_text("create_main_cluster = false\n")


def _disable_units(names: list[str]) -> None:
    """What we installed must not start at the next boot either."""
    if not Path("/run/systemd/system").exists():
        return
    units = {"postgresql-15": "postgresql", "nginx-light": "nginx"}
    for name in names:
        subprocess.run(["systemctl", "disable", units.get(name, name)], capture_output=True, check=False)
