"""Cyrus IMAP: one store, every protocol. Behind the front door only; it trusts one-minute tokens and nothing else."""

from __future__ import annotations

import socket
from pathlib import Path

from launcher.config import PROJECT_ROOT
from launcher.daemon import Daemon, Program, Template
from launcher.site import SERVICE_USER, Folder, Site

CONF_FOLDERS = ("db", "lock", "proc", "log", "msg", "sieve", "ptclient")


def folders(site: Site) -> list[Folder]:
    store = site.store("cyrus")
    conf = [Folder(store / "conf" / name, "cyrus", "mail", 0o750) for name in CONF_FOLDERS]
    return [
        Folder(store, "cyrus", "mail", 0o750),
        Folder(store / "conf", "cyrus", "mail", 0o750),
        *conf,
        Folder(store / "mail", "cyrus", "mail", 0o750),
        Folder(store / "search", "cyrus", "mail", 0o750),
        Folder(site.run("cyrus"), "cyrus", "mail", 0o755),
        Folder(site.run("cyrus-http"), "cyrus", SERVICE_USER, 0o750),
        Folder(site.run("lmtp"), "cyrus", "postfix", 0o750),
        Folder(site.run("steward"), "cyrus", SERVICE_USER, 0o2750),
    ]


def ready(site: Site) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(3)
            connection.connect(str(site.run("lmtp") / "lmtp"))
            if not connection.recv(100).startswith(b"220"):
                return False
        with socket.create_connection(("127.0.0.1", site.config.internal.imap), timeout=3) as connection:
            if not connection.recv(200).startswith(b"* OK"):
                return False
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(site.run("steward") / "steward.sock"))
        return True
    except OSError:
        return False


def programs(site: Site) -> list[Program]:
    etc = site.etc("cyrus")
    command = ("/usr/sbin/cyrmaster", "-C", f"{etc}/imapd.conf", "-M", f"{etc}/cyrus.conf", "-p")
    return [
        Program("cyrus", (*command, f"{site.run('cyrus')}/master.pid"), "cyrus", priority=30, stop_as_group=True),
        _steward(site),
    ]


def _steward(site: Site) -> Program:
    """Ends open connections of one mailbox; as Cyrus's user, the only one that may."""
    module = ("-m", "ecritoire.mailstore.steward", "--socket", f"{site.run('steward')}/steward.sock")
    where = ("--proc", f"{site.store('cyrus')}/conf/proc", "--configuration", f"{site.etc('cyrus')}/imapd.conf")
    path = {"PYTHONPATH": f"{PROJECT_ROOT}/src:{PROJECT_ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
    return Program(
        "steward", (site.python, *module, *where), "cyrus", priority=31, environment=path, runs_our_code=True
    )


DAEMON = Daemon(
    name="cyrus",
    folder=Path(__file__).parent,
    packages=("cyrus-imapd", "cyrus-caldav", "cyrus-pop3d", "cyrus-replication", "cyrus-admin"),
    folders=folders,
    templates=(Template("imapd.conf.j2", "imapd.conf"), Template("cyrus.conf.j2", "cyrus.conf")),
    programs=programs,
    ready=ready,
)
