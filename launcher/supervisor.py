"""The supervisor: one supervisord for the installation, asked over its unix socket."""

from __future__ import annotations

import json
import shlex
import subprocess
import time
import xmlrpc.client
from collections.abc import Callable
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from .daemon import Program
from .errors import LauncherError
from .site import Site

CONFIGURATION = """; generated, do not edit
[supervisord]
logfile={log}/supervisord.log
pidfile={run}/supervisord.pid
childlogdir={log}
logfile_maxbytes=5MB
logfile_backups=2
umask=022
minfds=4096
[unix_http_server]
file={run}/supervisor.sock
chmod=0700
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""
PROGRAM = """[program:{name}]
command={command}
user={user}
directory=/
environment={environment}
autostart=false
autorestart=true
startsecs=1
startretries=20
stopsignal={stop_signal}
stopwaitsecs={stop_seconds}
stopasgroup={group}
killasgroup={group}
redirect_stderr=true
stdout_logfile={log}/{name}.log
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=4
"""


class Supervisor:
    def __init__(self, site: Site) -> None:
        self.site = site
        self._folder = site.data / "run"
        self._conf = site.etc("supervisor") / "supervisord.conf"

    @property
    def _rpc(self) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self._folder}/supervisor.sock")
        return xmlrpc.client.ServerProxy("http://localhost", transport=transport).supervisor

    def running(self) -> bool:
        try:
            return bool(self._rpc.getState()["statename"] == "RUNNING")
        except (OSError, xmlrpc.client.Fault):
            return False

    def start(self, programs: list[Program]) -> None:
        """Start supervisord when it is not there, and tell it of the programs as they are now."""
        self._conf.parent.mkdir(parents=True, exist_ok=True)
        sections = [_section(self.site.log, program) for program in programs]
        text = CONFIGURATION.format(log=self.site.log, run=self._folder) + "".join(sections)
        changed = not self._conf.exists() or self._conf.read_text() != text
        self._conf.write_text(text)
        if not self.running():
            command = [f"{self.site.venv}/bin/supervisord", "-c", str(self._conf)]
            outcome = subprocess.run(command, capture_output=True, text=True, check=False)
            if outcome.returncode:
                raise LauncherError(f"the supervisor did not start: {outcome.stderr.strip()}")
            wait_for(self.running, "the supervisor", 15)
        elif changed:
            self._reload()

    def _reload(self) -> None:
        added, changed, removed = self._rpc.reloadConfig()[0]
        for name in (*changed, *removed):
            self.stop(name)
            self._rpc.removeProcessGroup(name)
        for name in (*added, *changed):
            self._rpc.addProcessGroup(name)

    def states(self) -> dict[str, dict[str, Any]]:
        return {row["name"]: row for row in self._rpc.getAllProcessInfo()}

    def is_up(self, name: str) -> bool:
        return bool(self._rpc.getProcessInfo(name)["statename"] in {"RUNNING", "STARTING"})

    def start_program(self, name: str) -> None:
        if not self.is_up(name):
            self._rpc.startProcess(name, False)

    def stop(self, name: str) -> None:
        if self._rpc.getProcessInfo(name)["statename"] not in {"STOPPED", "EXITED", "FATAL"}:
            self._rpc.stopProcess(name)

    def shut_down(self, order: list[str]) -> None:
        """Stop the programs in ``order``, then the supervisor; waits until its processes are gone."""
        known = self.states()
        for name in order:
            if name in known:
                self.stop(name)
        pid = int((self._folder / "supervisord.pid").read_text())
        self._rpc.shutdown()
        wait_for(lambda: not Path(f"/proc/{pid}").exists(), "the supervisor's end", 60)


def _section(log: Path, program: Program) -> str:
    environment = ",".join(f"{key}={json.dumps(value)}" for key, value in program.environment.items())
    return PROGRAM.format(
        name=program.name,
        command=shlex.join(program.command).replace("%", "%%"),
        user=program.user,
        environment=environment.replace("%", "%%"),
        stop_signal=program.stop_signal,
        stop_seconds=program.stop_seconds,
        group=str(program.stop_as_group).lower(),
        log=log,
    )


def wait_for(condition: Callable[[], bool], what: str, seconds: float) -> None:
    """Return once ``condition`` holds; LauncherError naming ``what`` after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise LauncherError(f"{what} did not come within {seconds:.0f} s; see the logs with ./ecritoire logs")
        time.sleep(0.05)
