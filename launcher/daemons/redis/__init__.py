"""Redis (or Valkey): the filter's statistics and the pages' short-lived counters."""

from __future__ import annotations

import socket
from pathlib import Path

from launcher.daemon import Daemon, Program, Template
from launcher.site import Folder, Site


def folders(site: Site) -> list[Folder]:
    return [Folder(site.store("redis"), "redis", "redis", 0o750), Folder(site.run("redis"), "redis", "redis")]


def ready(site: Site) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(site.run("redis") / "redis.sock"))
            connection.sendall(f"AUTH {site.secret('redis')}\r\nPING\r\n".encode())
            return b"OK" in connection.recv(100)
    except OSError:
        return False


def programs(site: Site) -> list[Program]:
    return [Program("redis", ("/usr/bin/redis-server", f"{site.etc('redis')}/redis.conf"), "redis", priority=10)]


DAEMON = Daemon(
    name="redis",
    folder=Path(__file__).parent,
    packages=("redis-server",),
    folders=folders,
    templates=(Template("redis.conf.j2", "redis.conf", group="redis", mode=0o640),),
    programs=programs,
    ready=ready,
)
