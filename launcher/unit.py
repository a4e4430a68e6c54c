"""The systemd unit of a production installation."""

from __future__ import annotations

from .config import PROJECT_ROOT
from .site import Site

UNIT = """[Unit]
Description=Écritoire, {name}
After=network-online.target
Wants=network-online.target

[Service]
Type=forking
PIDFile={data}/run/supervisord.pid
ExecStart={root}/ecritoire {options}up
ExecStop={root}/ecritoire {options}down
TimeoutStartSec=300
TimeoutStopSec=120
Restart=on-failure
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
"""


def unit(site: Site) -> str:
    path = site.config.path
    options = f"--config {path} " if path.exists() else ""
    return UNIT.format(name=site.config.site.name, data=site.data, root=PROJECT_ROOT, options=options)
