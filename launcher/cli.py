"""``./ecritoire``: the one command of an installation."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from . import config, feed
from .errors import LauncherError
from .house import House, manage_command
from .site import Site

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(feed.app, name="feed")
console = Console(highlight=False)


def site() -> Site:
    return Site(config.load())


def house() -> House:
    return House(site(), lambda step, seconds: console.print(f"  [green]✓[/] {step} [dim]{seconds:.1f} s[/]"))


@app.callback()
def settings(
    file: Annotated[Path | None, typer.Option("--config", help="Settings file, ./ecritoire.toml by default.")] = None,
) -> None:
    """Écritoire, the e-mail service of an académie."""
    if file is not None:
        if not file.exists():
            raise LauncherError(f"{file} does not exist")
        os.environ[config.CONFIG_VARIABLE] = str(file.resolve())


@app.command()
def up(demo: Annotated[bool, typer.Option("--demo", help="Load a demonstration académie.")] = False) -> None:
    """Install what is missing, start everything, wait until it answers."""
    start = time.monotonic()
    if demo:
        from .demo import mark
        from .preflight import check_root

        check_root()
        mark(site())
    here = house()
    for notice in here.up():
        console.print(f"  [yellow]![/] {notice}")
    if here.site.demo:
        from .demo import load

        load(here)
    console.print(f"[bold]{here.site.config.site.name}[/] is up in {time.monotonic() - start:.1f} s")
    _addresses(here.site)


def _addresses(at: Site) -> None:
    listen, host = at.config.listen, at.config.site.host
    console.print(f"  portal      {at.config.base_url}/   [dim](certificate authority: {at.tls}/ca.pem)[/]")
    for other in at.served[1:]:
        console.print(f"  portal      {at.config.url_of(other.host)}/   [dim]({other.domain})[/]")
    console.print(f"  mail        {host}: IMAPS {listen.imaps}, POP3S {listen.pop3s}, submission {listen.submissions}")
    console.print(f"  inbound     {host}: SMTP {listen.smtp}")


@app.command()
def down() -> None:
    """Stop everything."""
    stopped = house().down()
    console.print("stopped" if stopped else "nothing was running")


@app.command()
def status() -> None:
    """Show each program and whether it answers; exit 1 when one does not."""
    from .status import show

    raise typer.Exit(show(house().supervisor, console))


@app.command()
def logs(
    program: Annotated[str | None, typer.Argument(help="One program; all of them by default.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=1)] = 50,
) -> None:
    """Show the logs of the daemons."""
    files = sorted(site().log.glob(f"{program or '*'}.log"))
    if not files:
        raise LauncherError(f"no log of {program}" if program else "no log yet: run ./ecritoire up")
    os.execvp("tail", ["tail", "-n", str(lines), *(["-F"] if follow else []), *map(str, files)])


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def manage(context: typer.Context) -> None:
    """Run a Django command as the service user, e.g. ./ecritoire manage feed_import FILE."""
    command = manage_command(site(), context.args)
    os.execvp(command[0], command)


@app.command()
def selfcheck(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Sign in, send, receive, list: check the whole chain; exit 1 when a check fails."""
    from .selfcheck import run, show

    raise typer.Exit(show(run(site()), console, as_json))


@app.command()
def audit(what: Annotated[str, typer.Argument(help="verify")]) -> None:
    """Verify the audit journal; exit 1 and the first broken entry when it was tampered with."""
    if what != "verify":
        raise LauncherError(f"unknown: audit {what}; try: audit verify")
    from .audit import verify

    console.print(verify(site()))


@app.command()
def demo(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help="people")],
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show whom to sign in as (demonstration only)."""
    if what != "people":
        raise LauncherError(f"unknown: demo {what}; try: demo people")
    if not site().demo:
        raise LauncherError(
            "this installation is not a demonstration: run ./ecritoire up --demo on a fresh data directory"
        )
    command = manage_command(site(), ["demo_people", *(["--json"] if as_json else [])])
    os.execvp(command[0], command)


@app.command()
def upgrade() -> None:
    """After new code is in place: packages, migrations, restart, then the self-check."""
    from .selfcheck import run, show

    here = house()
    for notice in here.up():
        console.print(f"  [yellow]![/] {notice}")
    raise typer.Exit(show(run(here.site), console, False))


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The archive to make (.tar.gz).")]) -> None:
    """Archive everything that matters; the service is stopped meanwhile."""
    from .backup import kept_until, make

    here = house()
    console.print(f"{file}: {make(here, file) / 1e6:.0f} MB")
    console.print(
        f"It holds what a purge erases later: destroy it on {kept_until(here):%Y-%m-%d} (lifecycle.backup_days)"
    )


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="An archive made by backup.")]) -> None:
    """Put an archive back into an empty data directory, start, and check."""
    from .backup import restore as put_back
    from .selfcheck import run, show

    put_back(house(), file)
    here = house()
    here.up()
    raise typer.Exit(show(run(here.site), console, False))


@app.command()
def systemd() -> None:
    """Print the unit of a production installation."""
    from .unit import unit

    print(unit(site()), end="")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def test(context: typer.Context) -> None:
    """Install what the tests need and run them all, on an instance of their own."""
    from .testing import run

    raise typer.Exit(run(context.args, console))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def videos(context: typer.Context) -> None:
    """Record the films and the pictures of the help anew, on a running demonstration."""
    from .packages import for_tests, install

    install(for_tests())
    environment = {**os.environ, "PYTHONPATH": f"{config.PROJECT_ROOT}/src:{config.PROJECT_ROOT}"}
    python = site().python
    os.chdir(config.PROJECT_ROOT)
    os.execve(python, [str(python), "-m", "recordings", *context.args], environment)


def main() -> None:
    try:
        app(standalone_mode=True)
    except (LauncherError, config.ConfigError) as error:
        print(f"ecritoire: {error}", file=sys.stderr)
        sys.exit(1)
