"""Our own processes: the pages, the jobs, and the auth service Cyrus asks."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from launcher.config import CONFIG_VARIABLE, PROJECT_ROOT
from launcher.daemon import Daemon, Program, Template
from launcher.site import SERVICE_USER, Folder, Site


def folders(site: Site) -> list[Folder]:
    return [
        Folder(site.run("web"), SERVICE_USER, "www-data", 0o750),
        Folder(site.run("auth"), SERVICE_USER, "mail", 0o2750),
        Folder(site.store("web"), SERVICE_USER, SERVICE_USER, 0o750),
        Folder(site.store("exports"), SERVICE_USER, "www-data", 0o2750),
        Folder(site.store("films"), SERVICE_USER, "www-data", 0o2750),
        Folder(site.data / "static", SERVICE_USER, SERVICE_USER),
        Folder(site.data / "feeds", SERVICE_USER, SERVICE_USER, 0o2770),
    ]


def environment(site: Site) -> dict[str, str]:
    return {
        CONFIG_VARIABLE: str(site.config.path),
        "DJANGO_SETTINGS_MODULE": "ecritoire.settings",
        "PYTHONPATH": f"{PROJECT_ROOT}/src:{PROJECT_ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(site.store("web")),
        "LANG": "C.UTF-8",
        # Each password hash takes 19 MiB: mapped for itself it is given back at once, in an arena it would stay for good.
        "MALLOC_MMAP_THRESHOLD_": "4194304",
        "MALLOC_ARENA_MAX": "2",
    }


def ready(site: Site) -> bool:
    for path in (site.run("web") / "web.sock", site.run("auth") / "mux"):
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(path))
        except OSError:
            return False
    return True


def programs(site: Site) -> list[Program]:
    workers = max(2, os.cpu_count() or 2)
    pages: tuple[str, ...] = (
        f"{site.venv}/bin/gunicorn",
        "ecritoire.wsgi",
        "--worker-class=gthread",
        f"--workers={workers}",
        "--threads=8",
    )
    pages += ("--preload", f"--bind=unix:{site.run('web')}/web.sock", "--umask=0", "--timeout=60", "--keep-alive=75")
    pages += ("--max-requests=20000", "--max-requests-jitter=2000", f"--chdir={PROJECT_ROOT}", "--no-control-socket")
    auth = (site.python, "-m", "ecritoire.accounts.saslauthd", "--socket", f"{site.run('auth')}/mux")
    jobs = (site.python, f"{PROJECT_ROOT}/manage.py", "procrastinate", "worker", "--concurrency=2")
    common = {"user": SERVICE_USER, "environment": environment(site), "runs_our_code": True}
    return [
        Program("auth", auth, priority=20, **common),  # type: ignore[arg-type]
        Program("web", pages, priority=50, stop_seconds=20, **common),  # type: ignore[arg-type]
        Program("jobs", jobs, priority=50, stop_seconds=20, **common),  # type: ignore[arg-type]
    ]


DAEMON = Daemon(
    name="web",
    folder=Path(__file__).parent,
    packages=("fonts-dejavu-core", "gettext", "iso-codes", "tzdata", "xmlsec1"),
    folders=folders,
    templates=(Template("academies.toml.j2", "academies.toml"),),
    programs=programs,
    ready=ready,
)
