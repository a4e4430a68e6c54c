"""The steward: two errands in the store that only Cyrus's own user can run.

``cut u7`` ends what mailbox ``u7`` has open, when its accesses are revoked, and answers how many processes; Cyrus notes in
``proc/<pid>`` whom each one serves. ``rules u7`` answers since when each of its Sieve scripts is what it is, as JSON: Cyrus
says so nowhere else. It listens on a socket that only the service user may write to, and deliberately knows nothing
else: no database, no Django, no message.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SECONDS = 10.0
GRACE_SECONDS = 1.0
REQUEST = re.compile(r"(cut|rules) ([a-z][a-z0-9-]{0,80})")
PROGRAMS = frozenset({"imapd", "pop3d", "httpd"})
MBPATH = "/usr/lib/cyrus/bin/mbpath"


@dataclass(frozen=True)
class Steward:
    """``proc`` is Cyrus's ``proc_path``, ``configuration`` its ``imapd.conf``."""

    proc: Path
    configuration: Path

    async def cut(self, store_id: str) -> int:
        """Ask each process to end; those that have not after a moment are ended."""
        told = list(processes_of(store_id, self.proc))
        for pid in told:
            end(pid, signal.SIGTERM)
        if told:
            await asyncio.sleep(GRACE_SECONDS)
            for pid in set(told) & set(processes_of(store_id, self.proc)):
                end(pid, signal.SIGKILL)
        return len(told)

    async def rules(self, store_id: str) -> dict[str, float]:
        """Script name -> when it was written; ``""`` -> when the active one was made active."""
        command = (MBPATH, "-C", str(self.configuration), "-q", "-u", "-S", store_id)
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        told = (await process.communicate())[0].decode(errors="replace").strip()
        folder = Path(told)
        return dict(times_in(folder)) if told and folder.is_dir() else {}

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection: one line in, one line of JSON out."""
        with contextlib.suppress(TimeoutError, ConnectionError, ValueError):
            async with asyncio.timeout(SECONDS):
                asked = REQUEST.fullmatch((await reader.readline()).decode(errors="replace").strip())
                errands = {"cut": self.cut, "rules": self.rules}
                done = await errands[asked[1]](asked[2]) if asked else None
                writer.write(json.dumps(done).encode() + b"\n")
                await writer.drain()
        writer.close()


def processes_of(store_id: str, proc: Path) -> Iterator[int]:
    """The processes that serve ``store_id`` now, of the programs above and of our own user only."""
    for path in proc.iterdir():
        with contextlib.suppress(OSError, ValueError):
            fields = path.read_text(errors="replace").rstrip("\n").split("\t")
            pid = int(path.name)
            if serves(fields, store_id) and is_ours(pid):
                yield pid


def serves(fields: list[str], store_id: str) -> bool:
    """Service, client, user, mailbox…: the user may carry the store's own domain."""
    return len(fields) > 2 and fields[2].partition("@")[0] == store_id  # noqa: PLR2004 - service, client, user


def is_ours(pid: int) -> bool:
    """The file may be older than the process that has its number now: look at the program itself."""
    process = Path(f"/proc/{pid}")
    return Path(os.readlink(process / "exe")).name in PROGRAMS and process.stat().st_uid == os.getuid()


def end(pid: int, how: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)


def times_in(folder: Path) -> Iterator[tuple[str, float]]:
    """Cyrus compiles ``<name>.bc`` when a script is written, and points ``defaultbc`` at the active one."""
    for path in folder.iterdir():
        if path.name == "defaultbc":
            yield "", path.lstat().st_mtime
        elif path.suffix == ".bc":
            yield path.stem, path.stat().st_mtime


async def serve(path: Path, steward: Steward) -> None:
    """Listen until SIGTERM. The socket belongs to its folder's group: the service user's."""
    path.unlink(missing_ok=True)
    former = os.umask(0o117)
    server = await asyncio.start_unix_server(steward.answer, path)
    os.umask(former)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with server:
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("socket", "proc", "configuration"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.socket, Steward(arguments.proc, arguments.configuration)))


if __name__ == "__main__":
    main()
