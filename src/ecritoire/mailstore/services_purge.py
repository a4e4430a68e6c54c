"""A mailbox leaves the store for good: mail, calendars, contacts, rules and index, nothing delayed and nothing left on disk.

Every step may run again: a purge that was cut short is taken up where it stood.
"""

from __future__ import annotations

import contextlib
import hashlib
import imaplib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings

from ecritoire.accounts.models import AccountTransition
from ecritoire.accounts.services.purging import (
    purge_begin,
    purge_check,
    purge_emptied,
    purge_finish,
    purge_note,
)
from ecritoire.accounts.tokens import token_issue
from ecritoire.common.services import Actor

from .jmap import StoreUnavailable
from .services_rules import connections_cut

if TYPE_CHECKING:
    from ecritoire.accounts.models import Account, PurgeProof

ADMIN = "cyrus-admin"
NAME = re.compile(rb'^\([^)]*\) "/" (?P<name>.+)$')
SIZE, EMAIL_ID = re.compile(rb"RFC822\.SIZE (\d+)"), re.compile(rb"EMAILID \(([^)]+)\)")
UID = re.compile(rb"UID (\d+)")
FOLDER_KINDS = {"#calendars": "calendars", "#addressbooks": "address_books"}


class PurgeIncomplete(Exception):
    """Something of the mailbox is still in the store; the purge is to be run again."""


def account_purge(
    *,
    account: Account,
    acting_user: Actor | None,
    rule: AccountTransition.Reason = AccountTransition.Reason.RETENTION_OVER,
) -> PurgeProof:
    """Purge a closed account. Raises PurgeRefused (a hold, or not closed), StoreUnavailable or PurgeIncomplete (run again)."""
    proof = purge_begin(account=account, rule=rule)
    if proof.store_emptied_at is None:
        if not proof.digest:
            counts, digest = mailbox_inventory(store_id=account.store_id)
            purge_note(proof=proof, counts=counts, digest=digest)
        purge_check(account)
        connections_cut(store_id=account.store_id)
        mailbox_destroy(store_id=account.store_id)
        purge_emptied(proof=proof)
    return purge_finish(proof=proof, acting_user=acting_user)


@contextlib.contextmanager
def administration() -> Iterator[imaplib.IMAP4]:
    """An IMAP connection as the store's administrator, by a token of one minute like everybody's. Raises StoreUnavailable."""
    try:
        with imaplib.IMAP4("127.0.0.1", settings.CONFIG.internal.imap, timeout=60) as connection:
            connection.login(ADMIN, token_issue(ADMIN))
            yield connection
    except (OSError, imaplib.IMAP4.error) as error:
        raise StoreUnavailable("unavailable", str(error)) from error


def mailbox_inventory(*, store_id: str) -> tuple[dict[str, Any], str]:
    """What the mailbox holds: counts and sizes, and a digest over the sorted list « folder, UID, content's id, size » of its messages."""
    counts: dict[str, Any] = {"folders": 0, "messages": 0, "octets": 0, "calendars": 0, "address_books": 0}
    lines: list[bytes] = []
    with administration() as connection:
        for name in _names(connection, f"user/{store_id}"):
            kind = next((kind for mark, kind in FOLDER_KINDS.items() if mark in name), "folders")
            counts[kind] += 1
            connection.setacl(_quoted(name), ADMIN, "lr")
            for uid, email_id, size in _messages(connection, name):
                lines.append(b"\t".join([name.encode(), uid, email_id, size]))
                counts["messages"] += kind == "folders"
                counts["octets"] += int(size)
    return counts, hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()


def mailbox_destroy(*, store_id: str) -> None:
    """Delete the mailbox, then what deletion keeps aside for a while; the inbox comes last, since it carries the owner's other files.

    Raises PurgeIncomplete when something is left.
    """
    with administration() as connection:
        for tree in (f"user/{store_id}", f"DELETED/user/{store_id}"):
            names = _names(connection, tree)
            for name in sorted(
                names, key=lambda name: (name.count("/") == tree.count("/") + tree.startswith("D"), name)
            ):
                connection.setacl(_quoted(name), ADMIN, "lrx")
                connection.delete(_quoted(name))
        left = [*_names(connection, f"user/{store_id}"), *_names(connection, f"DELETED/user/{store_id}")]
    if left:
        raise PurgeIncomplete(", ".join(left))


def _names(connection: imaplib.IMAP4, tree: str) -> list[str]:
    """The mailbox and all below it; never one whose name only begins alike."""
    rows = [*connection.list('""', _quoted(tree))[1], *connection.list('""', _quoted(f"{tree}/*"))[1]]
    found = [NAME.match(row) for row in rows if isinstance(row, bytes)]
    return [match["name"].decode().strip('"') for match in found if match]


def _messages(connection: imaplib.IMAP4, name: str) -> Iterator[tuple[bytes, bytes, bytes]]:
    if connection.select(_quoted(name), readonly=True)[0] != "OK":
        return
    for row in connection.uid("FETCH", "1:*", "(RFC822.SIZE EMAILID)")[1]:
        found = [pattern.search(row) for pattern in (UID, EMAIL_ID, SIZE)] if isinstance(row, bytes) else []
        if all(found) and found:
            uid, email_id, size = (match[1] for match in found if match)
            yield uid, email_id, size
    connection.unselect()


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
