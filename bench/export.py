"""An export against a bare IMAP FETCH of the same mailbox written to disk, and the memory each takes.

Each run is a process of its own, so that its peak memory is its own: ``python -m bench.export WHAT STORE_ACCOUNT FOLDER [MESSAGES]``.
"""

from __future__ import annotations

import imaplib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

from launcher.config import PROJECT_ROOT
from launcher.site import Site

from .common import PERSON, person, show

BATCH = 200
ROUNDS = 3


def run(site: Site) -> None:
    login = person(site, PERSON)["sign_in"]
    seen: dict[str, list[dict[str, float]]] = {name: [] for name in ("fetch", "mbox", "eml")}
    for _ in range(ROUNDS):
        for name, rows in seen.items():
            rows.append(measured(name, login))
    few = measured("eml", login, "500")
    best = {name: min(rows, key=lambda row: row["seconds"]) for name, rows in seen.items()}
    bare = best["fetch"]
    for name in ("mbox", "eml"):
        for what, scale, unit in (("messages", 1, "/s"), ("bytes", 1e6, "MB/s")):
            ours, control = (row[what] / scale / row["seconds"] for row in (best[name], bare))
            show(
                f"export as {name}, {best[name][what] / scale:.0f} {unit[:2].strip('/s') or 'messages'}",
                ours,
                control,
                unit,
                "at least 0.5",
            )
    grown = best["eml"]["memory"] - few["memory"]
    words = f"memory of 500 messages {few['memory']:.0f} MB, of {best['eml']['messages']:.0f}: {grown:+.1f} MB"
    print(
        f"{words}  (aim: under +10); bare fetch {bare['memory']:.0f} MB; archive {best['eml']['archive'] / 1e6:.0f} MB"
    )


def measured(what: str, login: str, messages: str = "") -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        command = [sys.executable, "-m", "bench.export", what, login, folder, *([messages] if messages else [])]
        environment = {**os.environ, "PYTHONPATH": f"{PROJECT_ROOT}/src:{PROJECT_ROOT}"}
        done = subprocess.run(command, env=environment, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def main(what: str, login: str, folder: str, messages: str = "") -> None:
    """One run; its figures as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecritoire.settings")
    import django

    django.setup()
    from ecritoire.accounts.selectors import account_by_login

    account, target = account_by_login(login), Path(folder)
    start = time.perf_counter()
    told = fetch(account, target) if what == "fetch" else export(account, target, what, int(messages or 0))
    told["seconds"] = time.perf_counter() - start
    told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(told))


def fetch(account: Any, target: Path) -> dict[str, float]:
    """The control: every message of every folder, as imaplib gives it, into one file."""
    from ecritoire.mailstore.export.names import imap_name
    from ecritoire.mailstore.export.reader import folders_list
    from ecritoire.mailstore.services import store_connect

    count = size = 0
    with (target / "all").open("wb") as file, store_connect(account=account) as connection:
        for row in folders_list(account=account):
            connection.select(imap_name(row.path), readonly=True)
            uids = (connection.uid("SEARCH", "ALL")[1][0] or b"").split()
            for start in range(0, len(uids), BATCH):
                asked = b",".join(uids[start : start + BATCH]).decode()
                for part in connection.uid("FETCH", asked, "(FLAGS INTERNALDATE BODY.PEEK[])")[1]:
                    if isinstance(part, tuple):
                        file.write(part[1])
                        count, size = count + 1, size + len(part[1])
    return {"messages": count, "bytes": size}


def export(account: Any, target: Path, mail_format: str, messages: int) -> dict[str, float]:
    """The builder as the job runs it, without the rows in the database. ``messages`` > 0 stops there, for the memory's growth."""
    from django.conf import settings

    from ecritoire.mailstore.export import building, reader
    from ecritoire.mailstore.export.workshop import Workshop
    from ecritoire.mailstore.models import Export

    settings.EXPORTS_DIR = target
    count = size = 0

    class Counting(reader.MailReader):
        def search(self, *args: Any) -> Any:
            found = super().search(*args)
            return found[: max(0, messages - count)] if messages else found

        def messages(self, uids: Any) -> Any:
            nonlocal count, size
            for batch in super().messages(uids):
                count, size = count + len(batch), size + sum(len(message.content) for message in batch)
                yield batch

    workshop = Workshop(Export._meta.get_field("key").get_default())
    wanted = Export(account=account, parts=["mail"], mail_format=mail_format)
    quiet = patch.object(building.Builder, "_update", lambda self, **fields: None)
    with patch.object(building, "MailReader", Counting), quiet, workshop.open_alone():
        archive = building.Builder(wanted, workshop).run()
    return {"messages": count, "bytes": size, "archive": archive}


if __name__ == "__main__":
    imaplib._MAXLINE = 10_000_000  # type: ignore[attr-defined] # the control asks for every UID in one line
    main(*sys.argv[1:])
