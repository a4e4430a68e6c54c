"""Mail put straight into mailboxes over IMAP, many messages in one go."""

from __future__ import annotations

import imaplib
import socket
from collections.abc import Iterable, Iterator
from itertools import islice

from django.conf import settings

from ecritoire.accounts.tokens import token_issue

from .messages import GeneratedMessage

BATCH = 200
CUSTOM = ("Conseils de classe", "Parents")


def mailbox_fill(*, store_id: str, messages: Iterable[GeneratedMessage]) -> int:
    """Append ``messages`` to their folders with flags and dates; returns how many. Makes the mailbox if needed."""
    count = 0
    with imaplib.IMAP4("127.0.0.1", settings.CONFIG.internal.imap) as connection:
        connection.login(store_id, token_issue(store_id))
        for folder in CUSTOM:
            connection.create(f'"{folder}"')
            connection.subscribe(f'"{folder}"')
        connection.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for batch in _batches(iter(messages)):
            _append(connection, batch)
            count += len(batch)
    return count


def mailbox_size(*, store_id: str) -> int:
    """Messages in the inbox."""
    with imaplib.IMAP4("127.0.0.1", settings.CONFIG.internal.imap) as connection:
        connection.login(store_id, token_issue(store_id))
        return int(connection.select("INBOX", readonly=True)[1][0] or 0)


def _batches(messages: Iterator[GeneratedMessage]) -> Iterator[list[GeneratedMessage]]:
    while batch := list(islice(messages, BATCH)):
        yield batch


def _append(connection: imaplib.IMAP4, batch: list[GeneratedMessage]) -> None:
    """Commands sent ahead of their answers (RFC 7888 literals), then every answer read."""
    lines = []
    for rank, message in enumerate(batch):
        date = imaplib.Time2Internaldate(message.received_at)
        head = f'G{rank} APPEND "{message.folder}" ({" ".join(message.flags)}) {date} {{{len(message.content)}+}}\r\n'
        lines.append(head.encode() + message.content + b"\r\n")
    connection.send(b"".join(lines))
    done = 0
    while done < len(batch):
        answer = connection.readline()
        if not answer:
            raise ConnectionError("the store closed the connection")
        if answer.startswith(b"G"):
            if b" OK" not in answer:
                raise ValueError(answer.decode(errors="replace"))
            done += 1
