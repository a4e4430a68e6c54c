"""Postfix: mail in from outside, out from our people, always past the filter."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

from launcher.config import CONFIG_VARIABLE, PROJECT_ROOT
from launcher.daemon import Daemon, Program, Template
from launcher.mail_log import log_make
from launcher.site import Folder, Site

MAPS = ("domains", "recipients", "more_domains", "senders", "own_senders", "closed", "letterboxes")


def folders(site: Site) -> list[Folder]:
    return [
        Folder(site.etc("postfix")),
        Folder(site.store("postfix")),
        Folder(site.store("postfix") / "queue"),
        Folder(site.store("postfix") / "data", "postfix", "root", 0o700),
    ]


def prepare(site: Site) -> None:
    """Postfix makes its own queue folders, with the owners it wants."""
    etc = site.etc("postfix")
    for name in ("dynamicmaps.cf", "dynamicmaps.cf.d", "postfix-files", "postfix-files.d"):
        source, target = Path("/etc/postfix") / name, etc / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.exists():
            shutil.copy2(source, target)
    log_make(site.log / "mail.log")


def ready(site: Site) -> bool:
    for port in (site.config.listen.smtp, site.config.internal.submission):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.settimeout(5)
                if not connection.recv(200).startswith(b"220"):
                    return False
                connection.sendall(b"QUIT\r\n")
        except OSError:
            return False
    return True


def programs(site: Site) -> list[Program]:
    """The master itself in the foreground: under ``start-fg`` it would leave the supervisor's process group."""
    etc = site.etc("postfix")
    script = f"/usr/sbin/postfix -c {etc} check && exec /usr/lib/postfix/sbin/master -d -c {etc}"
    environment = {
        CONFIG_VARIABLE: str(site.config.path),
        "PYTHONPATH": str(PROJECT_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    rotation = (site.python, "-m", "launcher.mail_log")
    return [
        Program("postfix", ("/bin/sh", "-c", script), "root", priority=40, stop_as_group=True, stop_seconds=20),
        Program("mail-log", rotation, "root", priority=45, environment=environment, runs_our_code=True),
    ]


DAEMON = Daemon(
    name="postfix",
    folder=Path(__file__).parent,
    packages=("postfix", "postfix-pgsql", "libsasl2-modules"),
    folders=folders,
    templates=(
        Template("main.cf.j2", "main.cf"),
        Template("master.cf.j2", "master.cf"),
        Template("smtpd.conf.j2", "smtpd.conf"),
        Template("headers.j2", "headers"),
        Template("submission_headers.j2", "submission_headers"),
        Template("replies_headers.j2", "replies_headers"),
        *(Template(f"{name}.cf.j2", f"{name}.cf") for name in MAPS),
    ),
    prepare=prepare,
    programs=programs,
    ready=ready,
)
