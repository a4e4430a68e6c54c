"""The auth service: Cyrus asks it whether a token opens a mailbox, in saslauthd's socket protocol.

A request is four strings (login, password, service, realm), each a two-byte big-endian length and its bytes; the answer
is ``OK`` or ``NO`` framed likewise. It checks one-minute tokens and deliberately knows nothing else: no database, no Django.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import struct
from pathlib import Path

from .tokens import token_check

FIELD_LIMIT = 1024
SECONDS = 5.0
FIELDS = 4


class Malformed(Exception):
    """What came is not a saslauthd request."""


def frame(text: bytes) -> bytes:
    return struct.pack(">H", len(text)) + text


async def read_request(reader: asyncio.StreamReader) -> list[str]:
    """The four fields of one request. Raises Malformed, or IncompleteReadError when the client leaves."""
    fields = []
    for _ in range(FIELDS):
        (length,) = struct.unpack(">H", await reader.readexactly(2))
        if length > FIELD_LIMIT:
            raise Malformed
        fields.append((await reader.readexactly(length)).decode(errors="replace"))
    return fields


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one connection: one request, one answer. Slow, oversized or broken clients are dropped."""
    with contextlib.suppress(Malformed, asyncio.IncompleteReadError, TimeoutError, ConnectionError):
        async with asyncio.timeout(SECONDS):
            login, token, _service, _realm = await read_request(reader)
            writer.write(frame(b"OK" if token_check(login.partition("@")[0].lower(), token) else b"NO"))
            await writer.drain()
    writer.close()


async def serve(path: Path) -> None:
    """Listen until SIGTERM. The socket belongs to its folder's group."""
    path.unlink(missing_ok=True)
    former = os.umask(0o117)
    server = await asyncio.start_unix_server(answer, path, backlog=512)
    os.umask(former)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with server:
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--socket", type=Path, required=True)
    asyncio.run(serve(parser.parse_args().socket))


if __name__ == "__main__":
    main()
