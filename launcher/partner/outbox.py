"""Mail on its way to the académie: on disk until accepted, tried again until it is."""

from __future__ import annotations

import asyncio
import json
import smtplib
import time
import uuid
from pathlib import Path

FIRST_WAIT = 0.2
LONGEST_WAIT = 60.0
REFUSED = 500


class Outbox:
    """``spool`` holds one file a message; a restart takes them up again. None = send at once, keep nothing."""

    def __init__(self, spool: Path | None, host: str, port: int, name: str) -> None:
        self._spool = spool
        self._host, self._port, self._name = host, port, name
        self._wake = asyncio.Event()
        if spool is not None:
            spool.mkdir(parents=True, exist_ok=True)

    def put(self, sender: str, recipient: str, content: bytes) -> None:
        """Keep a message and send it soon."""
        if self._spool is None:
            raise ValueError("this outbox keeps nothing")
        name = f"{time.time_ns()}-{uuid.uuid4().hex}"
        envelope = json.dumps({"sender": sender, "recipient": recipient}).encode()
        fresh = self._spool / f".{name}"
        fresh.write_bytes(envelope + b"\n" + content)
        fresh.rename(self._spool / name)
        self._wake.set()

    async def run(self) -> None:
        wait = FIRST_WAIT
        while True:
            self._wake.clear()
            done = await asyncio.to_thread(self._deliver_all)
            wait = FIRST_WAIT if done else min(wait * 2, LONGEST_WAIT)
            try:
                await asyncio.wait_for(self._wake.wait(), None if done else wait)
            except TimeoutError:
                continue

    def _deliver_all(self) -> bool:
        """Try every message once; True when none is left."""
        left = False
        for path in sorted((self._spool or Path()).glob("[0-9]*")):
            envelope, _, content = path.read_bytes().partition(b"\n")
            try:
                self.deliver(**json.loads(envelope), content=content)
            except smtplib.SMTPResponseException as error:
                left = left or error.smtp_code < REFUSED
                if error.smtp_code >= REFUSED:
                    path.rename(path.with_name(f"refused-{path.name}"))
                continue
            except (OSError, smtplib.SMTPException):
                left = True
                continue
            path.unlink()
        return not left

    def deliver(self, sender: str, recipient: str, content: bytes) -> None:
        """Raises smtplib's errors."""
        with smtplib.SMTP(self._host, self._port, self._name, timeout=30) as connection:
            connection.ehlo()
            code, text = connection.mail(sender)
            if code < 400:  # noqa: PLR2004 - RFC 5321 4.2.1
                code, text = connection.rcpt(recipient)
            if code < 400:  # noqa: PLR2004 - RFC 5321 4.2.1
                code, text = connection.data(content)
            if code >= 400:  # noqa: PLR2004 - RFC 5321 4.2.1
                raise smtplib.SMTPResponseException(code, text)
