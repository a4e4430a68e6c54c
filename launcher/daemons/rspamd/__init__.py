"""Rspamd: the filter Postfix asks of each message, and the signer of those that leave."""

from __future__ import annotations

import socket
from pathlib import Path

from launcher.daemon import Daemon, Program, Template
from launcher.dkim import make_key
from launcher.site import SERVICE_USER, Folder, Site

LOCAL = (
    "options.inc",
    "logging.inc",
    "worker-normal.inc",
    "worker-proxy.inc",
    "worker-fuzzy.inc",
    "redis.conf",
    "dkim_signing.conf",
    "milter_headers.conf",
    "phishing.conf",
    "greylist.conf",
    "rbl.conf",
    "asn.conf",
    "fuzzy_check.conf",
    "mx_check.conf",
    "arc.conf",
    "antivirus.conf",
    "force_actions.conf",
)


def folders(site: Site) -> list[Folder]:
    return [
        Folder(site.store("rspamd"), "_rspamd", "_rspamd", 0o750),
        Folder(site.run("rspamd"), "_rspamd", "_rspamd", 0o755),
        Folder(site.store("dkim"), SERVICE_USER, "_rspamd", 0o750),
        Folder(site.etc("rspamd") / "local.d"),
        Folder(site.etc("rspamd") / "override.d"),
        Folder(site.etc("rspamd") / "maps.d"),
    ]


def prepare(site: Site) -> None:
    for academy in site.served:
        make_key(site, academy.domain)


def ready(site: Site) -> bool:
    for name in ("milter", "controller"):
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(site.run("rspamd") / f"{name}.sock"))
        except OSError:
            return False
    return True


def programs(site: Site) -> list[Program]:
    variables = {
        "LOCAL_CONFDIR": site.etc("rspamd"),
        "DBDIR": site.store("rspamd"),
        "RUNDIR": site.run("rspamd"),
        "LOGDIR": site.log,
    }
    arguments = tuple(f"--var={name}={value}" for name, value in variables.items())
    command = ("/usr/bin/rspamd", "-f", "-c", "/etc/rspamd/rspamd.conf", *arguments)
    return [Program("rspamd", command, "_rspamd", priority=20, stop_as_group=True)]


DAEMON = Daemon(
    name="rspamd",
    folder=Path(__file__).parent,
    packages=("rspamd",),
    folders=folders,
    templates=(
        *(Template(f"local.d/{name}.j2", f"local.d/{name}") for name in LOCAL if name != "redis.conf"),
        Template("local.d/redis.conf.j2", "local.d/redis.conf", group="_rspamd", mode=0o640),
        Template("local.d/worker-controller.inc.j2", "local.d/worker-controller.inc", group="_rspamd", mode=0o640),
    ),
    prepare=prepare,
    programs=programs,
    ready=ready,
)
