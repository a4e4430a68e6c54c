"""``./ecritoire feed``: make a set, check it, see what it would change, apply it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import typer

from . import config
from .config import PROJECT_ROOT
from .errors import LauncherError
from .house import manage_command
from .site import SERVICE_USER, Site

PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
app = typer.Typer(no_args_is_help=True, help="HR feeds: make an invented set, check one, plan it, apply it.")


@app.command(context_settings=PASSED_ON)
def generate(context: typer.Context) -> None:
    """Make an invented AAF set and its HR file: --staff N --out DIR [--faults all] [--delta PERCENT]."""
    _here("generate", context)


@app.command(context_settings=PASSED_ON)
def validate(context: typer.Context) -> None:
    """Find every fault of a set, without a running service: DIR [--json]; exit 1 when there is one."""
    _here("validate", context)


@app.command(context_settings=PASSED_ON)
def plan(context: typer.Context) -> None:
    """Say what a set would change, and change nothing: DIR [--json]."""
    _inside("feed_plan", context)


@app.command(context_settings=PASSED_ON)
def apply(context: typer.Context) -> None:
    """Apply a set: DIR [--json] [--confirm]."""
    _inside("feed_apply", context)


def _here(command: str, context: typer.Context) -> None:
    """As whoever calls, with no database: the service's own code, in a process of its own."""
    environment = os.environ | {"PYTHONPATH": f"{PROJECT_ROOT / 'src'}:{PROJECT_ROOT}"}
    arguments = [sys.executable, "-P", "-m", "ecritoire.directory.feed", command, *context.args]
    os.execve(sys.executable, arguments, environment)


def _inside(command: str, context: typer.Context) -> None:
    """As the service user, from where the caller stands."""
    line = manage_command(Site(config.load()), [command, *context.args])
    if os.geteuid() != 0:
        raise LauncherError("run this as root, or with sudo")
    for word in context.args:
        if not word.startswith("-") and Path(word).exists() and not _readable(word):
            raise LauncherError(f"{SERVICE_USER}, the service user, cannot read {word}: put it where it can")
    os.execvp(line[0], line)


def _readable(path: str) -> bool:
    """A folder must also let its files be opened."""
    needs = ["-a", "-x", path] if Path(path).is_dir() else []
    asked = ["runuser", "-u", SERVICE_USER, "--", "test", "-r", path, *needs]
    return subprocess.run(asked, check=False).returncode == 0
