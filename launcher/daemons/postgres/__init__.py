"""PostgreSQL over a unix socket: who you are on the machine is who you are in the database, so no password exists."""

from __future__ import annotations

import subprocess
from pathlib import Path

from launcher.daemon import Daemon, Program, Template
from launcher.errors import LauncherError
from launcher.site import Folder, Site

BINARIES = Path("/usr/lib/postgresql/15/bin")


AS_POSTGRES: tuple[str | Path, ...] = ("runuser", "-u", "postgres", "--")


def folders(site: Site) -> list[Folder]:
    return [
        Folder(site.store("postgres"), "postgres", "postgres", 0o700),
        Folder(site.run("postgres"), "postgres", "postgres", 0o755),
    ]


def prepare(site: Site) -> None:
    """Initialise the cluster once; an interrupted attempt leaves no PG_VERSION and is made again."""
    data = site.store("postgres") / "15"
    if (data / "PG_VERSION").exists():
        return
    command: list[str | Path] = [
        BINARIES / "initdb",
        "-D",
        data,
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "-A",
        "peer",
        "--data-checksums",
    ]
    outcome = subprocess.run([*AS_POSTGRES, *command], capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise LauncherError(f"PostgreSQL could not be initialised: {outcome.stderr.strip().splitlines()[-1]}")


def psql(site: Site, sql: str, database: str = "postgres") -> str:
    """Run ``sql`` as the database's owner and return its rows as text."""
    command: list[str | Path] = [
        BINARIES / "psql",
        "-h",
        site.run("postgres"),
        "-d",
        database,
        "-AtqX",
        "-v",
        "ON_ERROR_STOP=1",
        "-c",
        sql,
    ]
    outcome = subprocess.run([*AS_POSTGRES, *command], capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise LauncherError(f"PostgreSQL: {outcome.stderr.strip()}")
    return outcome.stdout.strip()


def ready(site: Site) -> bool:
    command: list[str | Path] = [BINARIES / "pg_isready", "-q", "-h", site.run("postgres")]
    return subprocess.run(command, check=False).returncode == 0


def create_database(site: Site) -> None:
    """The application's role and database, and the look-up role Postfix uses; once."""
    roles = psql(site, "SELECT rolname FROM pg_roles").splitlines()
    if "ecritoire" not in roles:
        psql(site, "CREATE ROLE ecritoire LOGIN CREATEDB")
    if "postfix" not in roles:
        psql(site, "CREATE ROLE postfix LOGIN")
    if not psql(site, "SELECT 1 FROM pg_database WHERE datname = 'ecritoire'"):
        psql(site, "CREATE DATABASE ecritoire OWNER ecritoire")


def programs(site: Site) -> list[Program]:
    command = (str(BINARIES / "postgres"), "-D", str(site.store("postgres") / "15"))
    configuration = ("-c", f"config_file={site.etc('postgres')}/postgresql.conf")
    return [Program("postgres", command + configuration, "postgres", priority=10, stop_signal="INT", stop_seconds=30)]


DAEMON = Daemon(
    name="postgres",
    folder=Path(__file__).parent,
    packages=("postgresql-15",),
    folders=folders,
    templates=(
        Template("postgresql.conf.j2", "postgresql.conf"),
        Template("pg_hba.conf.j2", "pg_hba.conf"),
        Template("pg_ident.conf.j2", "pg_ident.conf"),
    ),
    prepare=prepare,
    programs=programs,
    ready=ready,
)
