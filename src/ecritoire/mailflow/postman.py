"""The letterbox daemon: Postfix hands over mail for the service itself by LMTP, one recipient at a time.

250 is said once the transaction is committed; 451 when something fails for the moment, and Postfix keeps the message.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from pathlib import Path

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session
from django.conf import settings
from django.db import close_old_connections

from .deliveries import LetterRefused, addressee, deliver

logger = logging.getLogger(__name__)
SLACK = 1024 * 1024  # what Postfix and the filter add to a message of the largest size


class Postman:
    """What aiosmtpd asks at each command."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: LMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if envelope.rcpt_tos:
            return "452 4.5.3 one recipient at a time"
        try:
            known = await asyncio.to_thread(_known, address)
        except Exception:
            logger.exception("the addressee of a letter could not be looked up")
            return "451 4.3.0 try again later"
        if not known:
            return "550 5.1.1 no such letterbox"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: LMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        return await asyncio.to_thread(_take, envelope.mail_from or "", envelope.rcpt_tos[0], content)


def _known(address: str) -> bool:
    close_old_connections()
    return addressee(address) is not None


def _take(sender: str, recipient: str, content: bytes) -> str:
    close_old_connections()
    try:
        deliver(sender=sender, recipient=recipient, content=content)
    except LetterRefused as refusal:
        return f"550 5.7.1 {refusal}"
    except Exception:
        logger.exception("a letter for %s stays with Postfix", recipient.partition("+")[0])
        return "451 4.3.0 try again later"
    return "250 2.0.0 kept"


async def listen(path: Path) -> asyncio.Server:
    """The socket belongs to its folder's group: Postfix."""
    loop = asyncio.get_running_loop()
    path.unlink(missing_ok=True)
    limit = settings.CONFIG.mail.message_megabytes * 1024 * 1024 + SLACK

    def protocol() -> LMTP:
        return LMTP(Postman(), data_size_limit=limit, enable_SMTPUTF8=True, hostname="localhost", loop=loop)

    former = os.umask(0o117)
    try:
        return await loop.create_unix_server(protocol, path)
    finally:
        os.umask(former)


async def serve(path: Path) -> None:
    """Until SIGTERM."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's, which names senders
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with await listen(path):
        await stop.wait()
