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


JOURNAL_TABLES = ("common_auditevent", "common_audithead")
JOURNAL_FUNCTIONS = ("refuse_change", "audit_head_follow")


def journal_seal(site: Site) -> None:
    """Leave the service the right to read the audit journal and add to it, and no other.

    Whoever owns a table may drop its triggers, and whoever owns the database may drop its tables: neither is the service.
    """
    if "ecritoire_audit" not in psql(site, "SELECT rolname FROM pg_roles").splitlines():
        psql(site, "CREATE ROLE ecritoire_audit NOLOGIN")
    rights = "ALTER DATABASE ecritoire OWNER TO postgres; GRANT ALL ON DATABASE ecritoire TO ecritoire; "
    rights += "GRANT USAGE, CREATE ON SCHEMA public TO ecritoire; GRANT USAGE ON SCHEMA public TO ecritoire_audit; "
    psql(site, rights + _journal_owner(site, "ecritoire_audit"), "ecritoire")
    if _journal_tables(site):
        only = "REVOKE ALL ON common_auditevent FROM ecritoire; GRANT SELECT, INSERT ON common_auditevent TO ecritoire"
        psql(site, only, "ecritoire")
    if "common_audithead" in _journal_tables(site):
        only = "REVOKE ALL ON common_audithead FROM ecritoire; GRANT SELECT ON common_audithead TO ecritoire"
        psql(site, only, "ecritoire")


def journal_unseal(site: Site) -> None:
    """While migrations run, the service owns the journal as it owns its other tables."""
    if _journal_tables(site):
        psql(site, _journal_owner(site, "ecritoire"), "ecritoire")


def _journal_owner(site: Site, role: str) -> str:
    tables = [f"ALTER TABLE {name} OWNER TO {role}; " for name in _journal_tables(site)]
    known = psql(site, "SELECT proname FROM pg_proc", "ecritoire").splitlines()
    functions = [f"ALTER FUNCTION {name}() OWNER TO {role}; " for name in JOURNAL_FUNCTIONS if name in known]
    return "".join(tables + functions)


def _journal_tables(site: Site) -> list[str]:
    known = psql(site, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'", "ecritoire").splitlines()
    return [name for name in JOURNAL_TABLES if name in known]


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
