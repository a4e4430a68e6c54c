"""The store's side of functional mailboxes: who may open which folder, and who must leave at once."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Iterator

from django.utils import timezone

from ecritoire.directory.models import FunctionalMailbox

from .jmap import StoreUnavailable
from .selectors_functional import wanted_rights
from .services import folders_complete, store_connect_as
from .services_rules import connections_cut

LISTED = re.compile(rb'\((?P<flags>[^)]*)\) "/" (?P<name>.+)')
SEEN_SHARED = '(/shared/vendor/cmu/cyrus-imapd/sharedseen "true")'
WORD = re.compile(rb'"((?:[^"\\]|\\.)*)"|(\S+)')


def functional_follow(*, mailbox_id: int) -> list[str]:
    """Make the store's mailbox if somebody may open it, give each folder its members' rights, and end what those who lost
    some have open: a folder once selected stays readable until its connection ends. Returns who lost rights.

    May run again, or after a crash, without harm. Raises StoreUnavailable.
    """
    mailbox = FunctionalMailbox.objects.get(pk=mailbox_id)
    wanted = wanted_rights(mailbox)
    if not wanted and mailbox.made_at is None:
        return []
    try:
        with store_connect_as(mailbox.store_id) as connection:
            folders_complete(connection)
            lost = {
                who for folder in _folders(connection) for who in _follow(connection, folder, mailbox.store_id, wanted)
            }
    except (OSError, imaplib.IMAP4.error) as error:
        raise StoreUnavailable("unavailable", str(error)) from error
    for store_id in sorted(lost):
        connections_cut(store_id=store_id)
    if mailbox.made_at is None:
        FunctionalMailbox.objects.filter(pk=mailbox_id, made_at__isnull=True).update(made_at=timezone.now())
    return sorted(lost)


def _folders(connection: imaplib.IMAP4) -> Iterator[str]:
    """The mailbox's own, as IMAP names them, quoted."""
    for row in connection.list()[1]:
        found = LISTED.fullmatch(row) if isinstance(row, bytes) else None
        if found and rb"\Noselect" not in found["flags"]:
            name = found["name"].decode()
            yield name if name.startswith('"') else f'"{name}"'


def _follow(connection: imaplib.IMAP4, folder: str, own: str, wanted: dict[str, str]) -> set[str]:
    """One folder; returns who has less than before."""
    present = _rights(connection, folder)
    present.pop(own, None)
    lost = {who for who, rights in present.items() if set(rights) - COMPOUND - set(wanted.get(who, ""))}
    for who, rights in wanted.items():
        if set(present.get(who, "")) - COMPOUND != set(rights):
            connection.setacl(folder, who, rights)
    for who in present.keys() - wanted.keys():
        connection.deleteacl(folder, who)
    connection.xatom("SETMETADATA", folder, SEEN_SHARED)
    return lost


COMPOUND = frozenset("cd")
"""RFC 2086's rights, which the store adds to those they stood for."""


def _rights(connection: imaplib.IMAP4, folder: str) -> dict[str, str]:
    """Identifier -> rights (RFC 4314 3.6)."""
    answer = connection.getacl(folder)[1][0]
    words = [(quoted or bare).decode() for quoted, bare in WORD.findall(answer if isinstance(answer, bytes) else b"")]
    return dict(zip(words[1::2], words[2::2], strict=False))
