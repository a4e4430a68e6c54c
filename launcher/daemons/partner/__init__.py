"""The outside world of the demonstration: partenaire.test, with its own transfer agent and its own key."""

from __future__ import annotations

import socket
from pathlib import Path

from launcher.config import PROJECT_ROOT
from launcher.daemon import Daemon, Program
from launcher.dkim import key_path
from launcher.site import PARTNER_DOMAIN, SERVICE_USER, Folder, Site


def folders(site: Site) -> list[Folder]:
    return [Folder(site.store("partner"), SERVICE_USER, SERVICE_USER, 0o700)]


def ready(site: Site) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", site.config.internal.partner_smtp), timeout=3) as connection:
            return connection.recv(100).startswith(b"220")
    except OSError:
        return False


def programs(site: Site) -> list[Program]:
    internal, listen = site.config.internal, site.config.listen
    command: tuple[str, ...] = (site.python, "-m", "launcher.partner", "--smtp-port", str(internal.partner_smtp))
    command += ("--deliver-to", f"127.0.0.1:{listen.smtp}", "--maildir", str(site.store("partner")))
    command += ("--domain", PARTNER_DOMAIN, "--dkim-key", str(key_path(site, PARTNER_DOMAIN)))
    command += ("--dns-port", str(internal.dns))
    environment = {"PYTHONPATH": str(PROJECT_ROOT), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    return [Program("partner", command, SERVICE_USER, environment=environment, runs_our_code=True)]


DAEMON = Daemon(
    name="partner",
    folder=Path(__file__).parent,
    programs=programs,
    folders=folders,
    ready=ready,
    wanted=lambda site: site.demo,
)
