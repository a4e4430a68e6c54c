"""HR feeds: a first import, the same again, a day's delta, a September beside mail, and how it all grows.

``.venv/bin/python -m bench.feed [--curve 35000 140000 1200000] [--september]`` as root, after ``./ecritoire up --demo``. Each size runs in a
process of its own, on a database of its own in the running server. The control is a bare COPY of the very rows that were written,
into tables without an index or a constraint.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STRUCTURES, STAFF = 1_100, 35_000
DATABASE = "bench_ecritoire_feed"
WRITTEN = (
    "directory_person",
    "directory_emailaddress",
    "directory_assignment",
    "directory_contract",
    "directory_leave",
    "directory_sourcerecord",
    "directory_feedchange",
    "accounts_account",
    "accounts_accounttransition",
)
SCRATCH = {"directory_stagedentry", "directory_feedsource"}
"""The scratch table, and the one row that says when the source was heard last."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--curve", type=int, nargs="*", default=[STAFF], help="sizes, each in a process of its own")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--september", action="store_true", help="also a September beside mail, after the last size")
    options = parser.parse_args()
    if options.one:
        _one(options.one, options.september)
        return
    print(f"load of the machine at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for size in options.curve:
        last = ["--september"] if options.september and size == options.curve[-1] else []
        subprocess.run([sys.executable, "-m", "bench.feed", "--one", str(size), *last], check=True)
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")


def _one(staff: int, with_september: bool) -> None:
    with _database(), tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        from ecritoire.directory.feed.generator.make import generate

        generate(out=folder / "complete", staff=staff, structures=STRUCTURES)
        generate(out=folder / "delta", staff=staff, structures=STRUCTURES, delta=1.0)
        first = _apply("first import", folder / "complete", staff)
        rows, copied = _copied(folder)
        ratio = (rows / first) / (rows / copied)
        print(f"  {rows} rows written: {rows / first:,.0f} a second; bare COPY {rows / copied:,.0f}; ratio {ratio:.3f}")
        before = _writes()
        _apply("the same again", folder / "complete", staff)
        written = {table for table, count in _writes().items() if count != before.get(table, 0)} - SCRATCH
        print(f"  tables written to by it: {', '.join(sorted(written)) or 'none'}")
        _apply("a delta of 1 %", folder / "delta", staff)
        if with_september:
            _september()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  peak memory of the process: {peak:.0f} MB", flush=True)


@contextmanager
def _database() -> Iterator[None]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecritoire.settings")
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
    import django

    django.setup()
    from django.db import connection

    real = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    connection.creation.create_test_db(autoclobber=True, verbosity=0, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(real, verbosity=0)


def _apply(what: str, path: Path, staff: int) -> float:
    from ecritoire.directory.services import organisation_ensure
    from ecritoire.directory.services.arrivals import path_apply

    start, used = time.monotonic(), _processor()
    outcome = path_apply(path=path, organisation=organisation_ensure(), acting_user=None, confirmed=True)
    seconds = time.monotonic() - start
    told = {
        name: count for name, count in outcome.as_json().items() if isinstance(count, int) and count and name != "rows"
    }
    each = ", ".join(f"{slug} {report.seconds:.1f} s" for slug, _name, report in outcome.reports)
    ours, database = (after - before for after, before in zip(_processor(), used, strict=True))
    print(f"{staff:>9,} people, {what:<16} {seconds:8.1f} s ({each}) {outcome.state}: {told}")
    print(f"  processor: {ours:.1f} s ours, {database:.1f} s the database's", flush=True)
    return seconds


def _processor() -> tuple[float, float]:
    """Seconds of processor so far, of this process and of its backend: what a loaded machine does not blur."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    return time.process_time(), (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def _writes() -> dict[str, int]:
    """Rows written to each table so far, as the server counts them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables")
        return dict(cursor.fetchall())


def _copied(folder: Path) -> tuple[int, float]:
    """How many rows there are, and how long the same take by COPY into bare tables."""
    from django.db import connection

    rows, seconds = 0, 0.0
    with connection.cursor() as cursor:
        for table in WRITTEN:
            path = folder / "rows"
            with path.open("wb") as file, cursor.copy(f"COPY {table} TO STDOUT") as out:
                file.writelines(out)
            cursor.execute(f"CREATE TABLE bare (LIKE {table})")
            start = time.monotonic()
            with path.open("rb") as file, cursor.copy("COPY bare FROM STDIN") as into:
                while chunk := file.read(1 << 20):
                    into.write(chunk)
            seconds += time.monotonic() - start
            cursor.execute("SELECT count(*) FROM bare")
            rows += cursor.fetchone()[0]
            cursor.execute("DROP TABLE bare")
    return rows, seconds


def _september() -> None:
    """Arrivals and renewals of a whole September in one day, while mail flows."""
    from .september import prepare, september

    entries, source = prepare()
    september(entries=entries, source=source)


def show_rates(alone: float, beside: float, seconds: float, report: Any) -> None:
    print(f"  September: {report.people} in {seconds:.1f} s")
    print(f"  mail delivered a second: alone {alone:.1f}, beside the feed {beside:.1f}; ratio {beside / alone:.2f}")


if __name__ == "__main__":
    main()
