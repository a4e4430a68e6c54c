"""The machine: programs, disk, certificates."""

from __future__ import annotations

import datetime as dt
import shutil

from launcher.certificates import not_after
from launcher.errors import LauncherError
from launcher.house import wanted
from launcher.site import Site
from launcher.supervisor import Supervisor

DISK_SHARE = 0.05
CERTIFICATE_DAYS = 14


def programs(site: Site) -> str:
    supervisor = Supervisor(site)
    if not supervisor.running():
        raise LauncherError("nothing is running: ./ecritoire up")
    states = supervisor.states()
    names = [program.name for daemon in wanted(site) for program in daemon.programs(site)]
    away = [name for name in names if states.get(name, {}).get("statename") != "RUNNING"]
    if away:
        raise LauncherError(f"not running: {', '.join(away)}")
    return f"{len(names)} running"


def disk(site: Site) -> str:
    usage = shutil.disk_usage(site.data)
    text = f"{usage.free / 1e9:.1f} GB free of {usage.total / 1e9:.0f}"
    if usage.free < DISK_SHARE * usage.total:
        raise LauncherError(f"{text}: less than {DISK_SHARE:.0%}")
    return text


def certificates(site: Site) -> str:
    left = not_after(site.tls / "server.pem") - dt.datetime.now(dt.UTC)
    if left < dt.timedelta(days=CERTIFICATE_DAYS):
        raise LauncherError(f"the server's certificate ends in {left.days} days")
    return f"{left.days} days left"
