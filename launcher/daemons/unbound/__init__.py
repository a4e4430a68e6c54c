"""A resolver of our own in the demonstration: it knows the demonstration's domains and answers no for the rest."""

from __future__ import annotations

import socket
from pathlib import Path

from launcher.daemon import Daemon, Program, Template
from launcher.dkim import make_key
from launcher.site import PARTNER_DOMAIN, SERVICE_USER, Folder, Site

DNS_QUERY = bytes.fromhex("000101000001000000000000") + b"\x09localhost\x00\x00\x01\x00\x01"


def folders(site: Site) -> list[Folder]:
    return [Folder(site.store("unbound")), Folder(site.store("dkim"), SERVICE_USER, "_rspamd", 0o750)]


def prepare(site: Site) -> None:
    for academy in site.served:
        make_key(site, academy.domain)
    make_key(site, PARTNER_DOMAIN)


def ready(site: Site) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        connection.settimeout(1)
        try:
            connection.sendto(DNS_QUERY, ("127.0.0.1", site.config.internal.dns))
            return bool(connection.recv(512))
        except OSError:
            return False


def programs(site: Site) -> list[Program]:
    command = ("/usr/sbin/unbound", "-d", "-p", "-c", f"{site.etc('unbound')}/unbound.conf")
    return [Program("unbound", command, "unbound", priority=10)]


DAEMON = Daemon(
    name="unbound",
    folder=Path(__file__).parent,
    packages=("unbound",),
    folders=folders,
    templates=(Template("unbound.conf.j2", "unbound.conf"),),
    prepare=prepare,
    programs=programs,
    ready=ready,
    wanted=lambda site: site.demo,
)
