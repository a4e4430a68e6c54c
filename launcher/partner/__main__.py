"""``python -m launcher.partner``: serve; ``python -m launcher.partner send``: write from outside."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from aiosmtpd.controller import UnthreadedController

from .outbox import Outbox
from .receiver import Receiver
from .writing import Signer, letter


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--deliver-to", required=True, help="HOST:PORT of the académie's inbound SMTP")
    parser.add_argument("--maildir", type=Path, required=True)
    parser.add_argument("--domain", required=True)
    parser.add_argument("--dkim-key", type=Path, required=True)
    parser.add_argument("--dns-port", type=int, required=True)
    return parser.parse_args()


async def serve(options: argparse.Namespace) -> None:
    """Receive and answer until SIGTERM."""
    host, _, port = options.deliver_to.partition(":")
    outbox = Outbox(options.maildir / "spool", host, int(port), f"mail.{options.domain}")
    receiver = Receiver(
        options.domain, options.maildir, outbox, Signer(options.domain, options.dkim_key), options.dns_port
    )
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    controller = UnthreadedController(
        receiver, hostname="127.0.0.1", port=options.smtp_port, loop=loop, server_hostname=f"mail.{options.domain}"
    )
    server = await controller._create_server()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    delivery = asyncio.create_task(outbox.run())
    await stop.wait()
    delivery.cancel()
    server.close()


def send(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="launcher.partner send", description="Write a message from outside.")
    for name in ("--from", "--to", "--subject"):
        parser.add_argument(name, required=True, dest=name.strip("-").replace("from", "sender"))
    parser.add_argument("--text", default="Bonjour,\n\nCeci est un message de l'extérieur.\n")
    parser.add_argument("--deliver-to", default="127.0.0.1:8025")
    options = parser.parse_args(words)
    host, _, port = options.deliver_to.partition(":")
    message = letter(options.sender, options.to, options.subject, options.text)
    domain = options.sender.rpartition("@")[2]
    Outbox(None, host, int(port), f"mail.{domain}").deliver(options.sender, options.to, bytes(message))


if __name__ == "__main__":
    if sys.argv[1:2] == ["send"]:
        send(sys.argv[2:])
    else:
        asyncio.run(serve(arguments()))
