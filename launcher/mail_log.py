"""``python -m launcher.mail_log``: a new mail log each day, the older ones compressed and, after the days of the trace, gone.

Postfix would rotate by itself (``postfix logrotate``), but the new file would then be root's alone, and the trace reads it.
"""

from __future__ import annotations

import datetime as dt
import gzip
import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

from . import config
from .site import SERVICE_USER, Site

NAME = "mail.log"
EVERY_SECONDS = 600
LARGEST_BYTES = 1024**3
PLAIN_DAYS = 3
"""How long a rotated file can still be read by the trace; compressed, it is for people only."""


def log_make(path: Path) -> None:
    """Readable by the service user, written by Postfix."""
    path.touch(mode=0o640)
    os.chown(path, 0, pwd.getpwnam(SERVICE_USER).pw_gid)
    path.chmod(0o640)


def is_due(path: Path, *, now: dt.datetime) -> bool:
    """Its first line is of another day, or it has grown too large."""
    with path.open("rb") as log:
        day = log.read(6).decode(errors="replace")
    return bool(day) and (day != now.strftime("%b %e") or path.stat().st_size > LARGEST_BYTES)


def rotate(site: Site, *, now: dt.datetime) -> Path:
    """The new file is in place before Postfix is told; what it still writes to the old one is read there."""
    path = site.log / NAME
    old, fresh = site.log / f"{NAME}.{now:%Y%m%d-%H%M%S}", site.log / f".{NAME}.new"
    log_make(fresh)
    path.rename(old)
    fresh.rename(path)
    subprocess.run(["/usr/sbin/postfix", "-c", str(site.etc("postfix")), "reload"], capture_output=True, check=True)
    return old


def tidy(folder: Path, *, days: int, now: dt.datetime) -> None:
    for path in folder.glob(f"{NAME}.*"):
        age = now.timestamp() - path.stat().st_mtime
        if age > days * 86_400:
            path.unlink()
        elif age > PLAIN_DAYS * 86_400 and path.suffix != ".gz":
            compress(path)


def compress(path: Path) -> None:
    """Under its last name once it is whole; with the age of what it holds."""
    target, begun = path.with_name(f"{path.name}.gz"), path.with_name(f".{path.name}.gz")
    status = path.stat()
    with path.open("rb") as source, gzip.open(begun, "wb") as packed:
        shutil.copyfileobj(source, packed)
    os.utime(begun, (status.st_atime, status.st_mtime))
    begun.chmod(0o600)
    begun.rename(target)
    path.unlink()


def main() -> None:
    site = Site(config.load())
    while True:
        now = dt.datetime.now(dt.UTC)
        if is_due(site.log / NAME, now=now):
            rotate(site, now=now)
        tidy(site.log, days=site.config.mail.trace_days, now=now)
        time.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    main()
