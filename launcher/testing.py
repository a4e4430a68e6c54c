"""``./ecritoire test``: an instance of its own on free ports, every check, and nothing left behind."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rich.console import Console

from . import config, packages, preflight
from .config import PROJECT_ROOT, InternalSection, ListenSection
from .demo import load, mark
from .house import House
from .site import Site

SETTINGS = """[site]
data_dir = "var"
[listen]
{listen}
[internal]
{internal}
[outbound]
networks = ["127.0.0.0/8"]
"""


def run(arguments: list[str], console: Console) -> int:
    """Run every check, or pytest alone with ``arguments``; the first exit code that is not 0."""
    preflight.check_root()
    packages.install(packages.for_tests())
    with instance(console) as site:
        environment = {**os.environ, config.CONFIG_VARIABLE: str(site.config.path), "PYTHONPATH": _python_path()}
        return _first_failure(_commands(arguments), environment, console)


def _commands(arguments: list[str]) -> dict[str, list[str]]:
    tests = {"pytest": ["pytest", *arguments]}
    if arguments:
        return tests
    return {
        "ruff": ["ruff", "check"],
        "format": ["ruff", "format", "--check"],
        "mypy": ["mypy"],
        "import contracts": ["lint-imports"],
        **tests,
    }


def _first_failure(commands: dict[str, list[str]], environment: dict[str, str], console: Console) -> int:
    failure = 0
    for name, (program, *rest) in commands.items():
        start = time.monotonic()
        console.rule(name)
        command = [str(PROJECT_ROOT / ".venv" / "bin" / program), *rest]
        code = subprocess.run(command, cwd=PROJECT_ROOT, env=environment, check=False).returncode
        console.print(f"{name}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - start:.0f} s")
        failure = failure or code
    return failure


def _python_path() -> str:
    return f"{PROJECT_ROOT}/src:{PROJECT_ROOT}"


@contextmanager
def instance(console: Console) -> Iterator[Site]:
    """A demonstration of its own, beside any live one; stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="ecritoire-test-", dir="/var/tmp"))
    folder.chmod(0o755)
    settings = folder / "ecritoire.toml"
    settings.write_text(_settings())
    os.environ[config.CONFIG_VARIABLE] = str(settings)
    mark(Site(config.load(settings)))
    site = Site(config.load(settings))
    house = House(site, lambda step, seconds: console.print(f"  {step} {seconds:.1f} s"))
    try:
        house.up()
        load(house)
        yield site
    except BaseException:
        _show_logs(site, console)
        raise
    finally:
        house.down()
        shutil.rmtree(folder)


def _settings() -> str:
    listen, internal = _names(ListenSection), _names(InternalSection)
    ports = iter(_free_ports(len(listen) + len(internal)))
    return SETTINGS.format(
        listen="\n".join(f"{name} = {next(ports)}" for name in listen),
        internal="\n".join(f"{name} = {next(ports)}" for name in internal),
    )


def _names(section: type[ListenSection | InternalSection]) -> list[str]:
    return [name for name in section.model_fields if name != "address"]


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def _show_logs(site: Site, console: Console) -> None:
    for log in sorted(site.log.glob("*.log")):
        tail = log.read_text(errors="replace").splitlines()[-8:]
        console.print(f"--- {log.name}", *tail, sep="\n", markup=False)
