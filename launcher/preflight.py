"""What must be true before anything is started; each fault is one line."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import stat
import subprocess

from .config import PROJECT_ROOT
from .errors import LauncherError
from .site import SERVICE_USER, Site

FREE_BYTES = 1_000_000_000


def check_root() -> None:
    if os.geteuid() != 0:
        raise LauncherError("the daemons run under users of their own: run this as root, or with sudo")


def check_ports(site: Site) -> None:
    """Every port of the installation must be free; called only while it is down."""
    for name, port in site.config.ports.items():
        if name in {"internal.dns", "internal.partner_smtp"} and not site.demo:
            continue
        address = site.config.listen.address if name.startswith("listen.") else "127.0.0.1"
        with socket.socket(socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError as error:
                fault = f"port {port} on {address} cannot be used ({error.strerror})"
                raise LauncherError(f"{fault}: free it, or set {name} in {site.config.path}") from error


def check_disk(site: Site) -> None:
    folder = site.data
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES:
        raise LauncherError(
            f"{folder} has {free // 1_000_000} MB free, at least {FREE_BYTES // 1_000_000} MB are needed"
        )


def check_reachable(site: Site) -> None:
    """The service users must be able to reach the project and its data."""
    for target in (PROJECT_ROOT, site.data):
        for folder in (target, *target.parents):
            if folder.exists() and not folder.stat().st_mode & stat.S_IXOTH:
                raise LauncherError(f"{folder} keeps other users out (chmod o+x it, or put the installation in /opt)")


def make_user() -> None:
    try:
        pwd.getpwnam(SERVICE_USER)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        outcome = subprocess.run(
            [*command, "--shell", "/usr/sbin/nologin", SERVICE_USER], capture_output=True, check=False
        )
        if outcome.returncode:
            raise LauncherError(f"user {SERVICE_USER} cannot be made: {outcome.stderr.decode().strip()}") from None
