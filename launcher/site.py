"""An installation on this machine: its settings, the folders under its data directory, its users."""

from __future__ import annotations

import grp
import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from .config import PROJECT_ROOT, Config, DomainName, OptionalHost, Section

SERVICE_USER = "ecritoire"
PARTNER_DOMAIN = "partenaire.test"
STORE_DOMAIN = "store.internal"
LETTERBOXES = ("assistance", "forum")
"""Addresses of the service itself in every académie's domain; a room registers what it does with their mail (mailflow/letterbox.py)."""


class Academy(Section):
    """``host`` is empty where it shares the installation's pages."""

    domain: DomainName
    host: OptionalHost = ""


@dataclass(frozen=True)
class Site:
    """What templates and daemons read. Every path is absolute."""

    config: Config
    academies: tuple[Academy, ...] = ()

    @property
    def data(self) -> Path:
        return self.config.data_dir

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    @property
    def tls(self) -> Path:
        return self.data / "tls"

    @property
    def log(self) -> Path:
        return self.data / "log"

    @property
    def served(self) -> list[Academy]:
        """Every académie with the name of its pages, the installation's own first."""
        own = Academy(domain=self.config.site.domain, host=self.config.site.host)
        others = (Academy(domain=other.domain, host=other.host or own.host) for other in self.academies)
        return [own, *others]

    @property
    def hosts(self) -> list[str]:
        """The names of its pages, each once."""
        return list(dict.fromkeys(academy.host for academy in self.served))

    @property
    def demo(self) -> bool:
        return self.config.demo

    @property
    def venv(self) -> Path:
        return PROJECT_ROOT / ".venv"

    @property
    def python(self) -> str:
        return str(self.venv / "bin" / "python")

    @property
    def overrides(self) -> Path:
        """Where an administrator adds to a daemon's configuration."""
        return self.config.path.parent / "overrides"

    def etc(self, daemon: str) -> Path:
        return self.data / "etc" / daemon

    def run(self, daemon: str) -> Path:
        return self.data / "run" / daemon

    def store(self, daemon: str) -> Path:
        return self.data / "data" / daemon

    def secret(self, name: str) -> str:
        return self.config.secret(name)


@dataclass(frozen=True)
class Folder:
    """A directory a daemon needs, with who may enter."""

    path: Path
    owner: str = "root"
    group: str = "root"
    mode: int = 0o755

    def make(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        uid, gid = pwd.getpwnam(self.owner).pw_uid, grp.getgrnam(self.group).gr_gid
        status = self.path.stat()
        if (status.st_uid, status.st_gid) != (uid, gid):
            os.chown(self.path, uid, gid)
        if status.st_mode & 0o7777 != self.mode:
            self.path.chmod(self.mode)
