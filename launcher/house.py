"""Bringing the whole house up and down."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib import import_module

from . import academies, certificates, packages, preflight, render, vault
from .config import PROJECT_ROOT
from .daemon import Daemon, Program, digest
from .daemons.postgres import create_database, journal_seal, journal_unseal
from .daemons.web import environment
from .errors import LauncherError
from .site import SERVICE_USER, Folder, Site
from .supervisor import Supervisor, wait_for
from .translations import compile_translations

NAMES = ("postgres", "redis", "unbound", "rspamd", "cyrus", "postfix", "web", "nginx", "partner")
DAEMONS: tuple[Daemon, ...] = tuple(import_module(f"launcher.daemons.{name}").DAEMON for name in NAMES)
READY_SECONDS = 90
BASE = frozenset({"postgres", "redis"})

Report = Callable[[str, float], None]


def wanted(site: Site) -> list[Daemon]:
    return [daemon for daemon in DAEMONS if daemon.wanted(site)]


def programs(site: Site) -> list[tuple[Daemon, Program]]:
    pairs = [(daemon, program) for daemon in wanted(site) for program in daemon.programs(site)]
    return sorted(pairs, key=lambda pair: pair[1].priority)


class House:
    """One installation. ``report`` is told of each step done and its seconds."""

    def __init__(self, site: Site, report: Report) -> None:
        self.site = site
        self.supervisor = Supervisor(site)
        self.report = report

    def up(self) -> list[str]:
        """Bring everything up; returns notices. Running it again changes only what must change."""
        preflight.check_root()
        with self._alone():
            self._prepare()
            notices = self._render(BASE)
            self._start_base()
            self._migrate()
            notices += self._render_rest()
            self._start_all()
        self.site.run("ready").touch()
        return notices

    def follow_academies(self) -> None:
        """What daemons must be told of an académie made since ``up``."""
        if academies.read(self.site) != self.site.academies:
            self._render_rest()
            self._start_all()

    def _prepare(self) -> None:
        preflight.check_disk(self.site)
        if not self.supervisor.running():
            preflight.check_ports(self.site)
        with self._step("packages"):
            packages.install(sorted({name for daemon in wanted(self.site) for name in daemon.packages}))
        preflight.make_user()
        preflight.check_reachable(self.site)
        for name in ("etc", "run", "log", "data"):
            Folder(self.site.data / name).make()
        if self.site.demo:
            Folder(self.site.data / "demo", SERVICE_USER, SERVICE_USER, 0o700).make()
        for daemon in wanted(self.site):
            for folder in daemon.folders(self.site):
                folder.make()
        vault.make(self.site)

    def _render_rest(self) -> list[str]:
        """Certificate and daemons, once the database can tell which académies there are."""
        with self._step("certificates, configuration"):
            self.site = replace(self.site, academies=academies.read(self.site))
            certificates.make(self.site)
            return self._render({daemon.name for daemon in wanted(self.site)} - BASE)

    def _render(self, names: Set[str]) -> list[str]:
        notices = []
        for daemon in (daemon for daemon in wanted(self.site) if daemon.name in names):
            daemon.prepare(self.site)
            notices += render.write_all(self.site, daemon)
        return notices

    def _start_base(self) -> None:
        """What migrations need: the database and Redis."""
        with self._step("database"):
            self.supervisor.start([program for _, program in programs(self.site)])
            for daemon in wanted(self.site):
                if daemon.name in BASE:
                    self._start(daemon)
            create_database(self.site)

    def _migrate(self) -> None:
        """Run only when the code, or what ``ecritoire.toml`` says of the académie, changed since the last time it succeeded."""
        state = self._state()
        described = digest(code_fingerprint(), self.site.config.site.model_dump_json(), self.site.config.sso.siret)
        if state.get("code") == described:
            return
        with self._step("translations, migrations, static files"):
            compile_translations()
            journal_unseal(self.site)
            try:
                self.manage("migrate", "--no-input", "-v", "0")
            finally:
                journal_seal(self.site)
            self.manage("after_upgrade")
        self._remember(code=described)

    def _start_all(self) -> None:
        with self._step("daemons"):
            for daemon in wanted(self.site):
                self._start(daemon, wait=False)
            for daemon in wanted(self.site):
                wait_for(partial(self._answers, daemon), daemon.name, READY_SECONDS)

    def _start(self, daemon: Daemon, wait: bool = True) -> None:
        """Start the daemon's programs; restart those whose configuration or code has changed."""
        state = self._state()
        for program in daemon.programs(self.site):
            ours = code_fingerprint() + self.site.config.model_dump_json() if program.runs_our_code else ""
            now = digest(render.fingerprint(self.site, daemon), ours)
            if state.get(program.name) != now:
                self.supervisor.stop(program.name)
            self.supervisor.start_program(program.name)
            self._remember(**{program.name: now})
        if wait:
            wait_for(partial(self._answers, daemon), daemon.name, READY_SECONDS)

    def _answers(self, daemon: Daemon) -> bool:
        """Its programs run and it answers: a socket left by a dead process is not enough."""
        states = self.supervisor.states()
        running = all(states[program.name]["statename"] == "RUNNING" for program in daemon.programs(self.site))
        return running and daemon.ready(self.site)

    def down(self) -> bool:
        """Stop everything, in the reverse order; False when nothing was running."""
        preflight.check_root()
        self.site.run("ready").unlink(missing_ok=True)
        if not self.supervisor.running():
            return False
        self.supervisor.shut_down([program.name for _, program in reversed(programs(self.site))])
        return True

    def manage(self, *arguments: str) -> None:
        """A Django command, as the service user. Raises LauncherError with its last line."""
        outcome = subprocess.run(manage_command(self.site, arguments), capture_output=True, text=True, check=False)
        if outcome.returncode:
            lines = (outcome.stderr.strip() or outcome.stdout.strip() or "no message").splitlines()
            raise LauncherError(f"{arguments[0]} failed: {lines[-1]}")

    def _state(self) -> dict[str, str]:
        path = self.site.data / "run" / "state.json"
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def _remember(self, **values: str) -> None:
        path = self.site.data / "run" / "state.json"
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(self._state() | values))
        fresh.replace(path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two ``up`` at once would trip over each other: the second is refused."""
        self.site.data.mkdir(parents=True, exist_ok=True)
        with (self.site.data / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LauncherError(f"another ./ecritoire is at work on {self.site.data}") from None
            os.set_inheritable(lock.fileno(), False)
            yield

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        self.report(name, time.monotonic() - start)


def manage_command(site: Site, arguments: tuple[str, ...] | list[str]) -> list[str]:
    assignments = [f"{key}={value}" for key, value in environment(site).items()]
    prefix = ["runuser", "-u", SERVICE_USER, "--", "env", *assignments]
    return [*prefix, site.python, str(PROJECT_ROOT / "manage.py"), *arguments]


def code_fingerprint() -> str:
    """Changes whenever a file of ours does (by size and time)."""
    parts = []
    for folder in ("src", "launcher", "requirements"):
        for path in sorted((PROJECT_ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".js", ".svg", ".po", ".txt"} and "tests" not in path.parts:
                status = path.stat()
                parts.append(f"{path}{status.st_size}{status.st_mtime_ns}")
    return digest(*parts)
