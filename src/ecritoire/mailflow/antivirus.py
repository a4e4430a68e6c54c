"""Asking clamd about a file that did not come by mail, in its INSTREAM protocol; mail is Rspamd's to scan, with the same clamd.

``[antivirus] clamd`` of ``ecritoire.toml`` is the path of its socket, or host:port; empty, nothing is scanned.
"""

from __future__ import annotations

import socket
import struct

from django.conf import settings

CHUNK = 64 * 1024
SECONDS = 30.0
LONGEST_ANSWER = 4096


class AntivirusUnavailable(Exception):
    """Nobody can say whether the file is safe: it is not taken."""


def virus_in(content: bytes) -> str:
    """The name of what was found, '' for nothing."""
    address = settings.CONFIG.antivirus.clamd
    if not address:
        return ""
    try:
        with _connect(address) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                chunk = content[start : start + CHUNK]
                connection.sendall(struct.pack(">I", len(chunk)) + chunk)
            connection.sendall(struct.pack(">I", 0))
            answer = _answer(connection)
    except OSError as error:
        raise AntivirusUnavailable(str(error)) from error
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    raise AntivirusUnavailable(answer or "no answer")


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(SECONDS)
        connection.connect(address)
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)


def _answer(connection: socket.socket) -> str:
    told = b""
    while b"\0" not in told and len(told) < LONGEST_ANSWER:
        more = connection.recv(1024)
        if not more:
            break
        told += more
    return told.partition(b"\0")[0].decode(errors="replace").strip()
