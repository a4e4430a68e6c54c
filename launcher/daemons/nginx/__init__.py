"""nginx: the front door. TLS for pages and for mail clients ends here."""

from __future__ import annotations

import socket
from pathlib import Path

from launcher.daemon import Daemon, Program, Template
from launcher.site import Folder, Site

TEMPORARY = ("body", "proxy", "fastcgi", "uwsgi", "scgi")


def folders(site: Site) -> list[Folder]:
    store = site.store("nginx")
    return [Folder(store), *(Folder(store / name, "www-data", "www-data", 0o700) for name in TEMPORARY)]


def ready(site: Site) -> bool:
    listen = site.config.listen
    try:
        for port in (listen.https, listen.imaps, listen.pop3s, listen.submissions):
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


def programs(site: Site) -> list[Program]:
    command = ("/usr/sbin/nginx", "-e", "stderr", "-c", f"{site.etc('nginx')}/nginx.conf")
    return [Program("nginx", command, "root", priority=60, stop_signal="QUIT", stop_seconds=5, stop_as_group=True)]


DAEMON = Daemon(
    name="nginx",
    folder=Path(__file__).parent,
    packages=("nginx-light", "libnginx-mod-mail"),
    folders=folders,
    templates=(Template("nginx.conf.j2", "nginx.conf", mode=0o600),),
    programs=programs,
    ready=ready,
)
