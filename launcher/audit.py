"""The audit journal, seen from outside: verified, and its end noted in a file the service cannot write.

The service user owns neither the journal's table nor the database (``daemons.postgres.journal_seal``); what is noted here
holds against somebody who rewrites the database itself. Copy the file off the machine to hold against root.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
from pathlib import Path

from .errors import LauncherError
from .house import manage_command
from .site import Folder, Site


def checkpoint_file(site: Site) -> Path:
    return site.data / "data" / "audit" / "checkpoints.jsonl"


def verify(site: Site, *, only_after: bool = False) -> str:
    """Verify the journal against itself and the last checkpoint, then add a checkpoint. Raises LauncherError.

    ``only_after`` reads what has come since that checkpoint: quick however long the journal is.
    """
    last = checkpoint_last(site)
    known = ["--checkpoint", f"{last['last_id']}:{last['digest']}"] if last else []
    known += ["--only-after"] if last and only_after else []
    command = manage_command(site, ["audit_verify", "--json", *known])
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    if outcome.returncode:
        lines = (outcome.stderr.strip() or "no message").splitlines()
        raise LauncherError(lines[-1].removeprefix("CommandError: "))
    found = json.loads(outcome.stdout)
    if found["last_id"] and (last is None or last["last_id"] != found["last_id"]):
        _checkpoint_add(site, found)
    since = f" from the checkpoint of {last['at']}" if last else ""
    return f"{found['entries']} {'new ' if last and only_after else ''}entries, the chain holds{since}"


def checkpoint_last(site: Site) -> dict[str, str] | None:
    path = checkpoint_file(site)
    if not path.exists():
        return None
    try:
        found: dict[str, str] = json.loads(path.read_text().splitlines()[-1])
    except (ValueError, IndexError) as error:
        raise LauncherError(f"{path} cannot be read: {error}") from error
    return found


def _checkpoint_add(site: Site, found: dict[str, object]) -> None:
    path = checkpoint_file(site)
    Folder(path.parent, mode=0o700).make()
    line = json.dumps({"at": f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S} UTC", **found})
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a") as file:
        file.write(line + "\n")
