"""The store's side of functional mailboxes: who may open which folder, and who must leave at once."""

from __future__ import annotations

import imaplib
import re
from dataclasses import dataclass

from django.utils import timezone

from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import FunctionalMailbox

from .jmap import StoreUnavailable
from .selectors_functional import wanted_rights
from .services import folders_complete, store_connect_as
from .services_purge import mailbox_destroy, mailbox_inventory
from .services_rules import connections_cut

LISTED = re.compile(rb'\((?P<flags>[^)]*)\) "/" (?P<name>.+)')
SEEN_SHARED = '(/shared/vendor/cmu/cyrus-imapd/sharedseen "true")'
INBOX, LEAVING = '"INBOX"', "p"
WORD = re.compile(rb'"((?:[^"\\]|\\.)*)"|(\S+)')


def functional_follow(*, mailbox_id: int) -> list[str]:
    """Make the store's mailbox if somebody may open it, give each folder its members' rights, and end what those who lost
    some have open: a folder once selected stays readable until its connection ends. Returns who lost rights.

    May run again, or after a crash, without harm: whoever leaves keeps LEAVING on the inbox until they are cut off. Raises
    StoreUnavailable.
    """
    mailbox = FunctionalMailbox.objects.get(pk=mailbox_id)
    wanted = wanted_rights(mailbox)
    if not wanted and mailbox.made_at is None:
        return []
    try:
        with store_connect_as(mailbox.store_id) as connection:
            folders_complete(connection)
            folders = [_follow(connection, name, mailbox.store_id, wanted) for name in _folders(connection)]
            lost = sorted({who for folder in folders for who in folder.lost})
            for store_id in lost:
                connections_cut(store_id=store_id)
                if store_id not in wanted:
                    _hide(mailbox.store_id, store_id)
                    connection.deleteacl(INBOX, store_id)
        _show(mailbox.store_id, folders)
    except (OSError, imaplib.IMAP4.error) as error:
        raise StoreUnavailable("unavailable", str(error)) from error
    if mailbox.made_at is None:
        FunctionalMailbox.objects.filter(pk=mailbox_id, made_at__isnull=True).update(made_at=timezone.now())
    return lost


def functional_empty(*, mailbox: FunctionalMailbox, acting_user: Actor | None = None) -> None:
    """Erase the mail of a mailbox closed for long; what it held stays in the audit log, as a proof. May run again after a
    crash. Raises StoreUnavailable or PurgeIncomplete (run again)."""
    counts, digest = mailbox_inventory(store_id=mailbox.store_id)
    domain = mailbox.organisation.mail_domain
    audit_record(
        acting_user=acting_user, action="functional.empty", target=str(mailbox), within=domain, digest=digest, **counts
    )
    mailbox_destroy(store_id=mailbox.store_id)
    mailbox.made_at, mailbox.emptied_on = None, timezone.localdate()
    mailbox.save(update_fields=["made_at", "emptied_on", "updated_at"])


@dataclass(frozen=True)
class Followed:
    """One folder: who came, and who has less than before. ``name`` is quoted."""

    name: str
    came: set[str]
    lost: set[str]


def _folders(connection: imaplib.IMAP4) -> list[str]:
    """The mailbox's own, as IMAP names them, quoted."""
    names = []
    for row in connection.list()[1]:
        found = LISTED.fullmatch(row) if isinstance(row, bytes) else None
        if found and rb"\Noselect" not in found["flags"]:
            name = found["name"].decode()
            names.append(name if name.startswith('"') else f'"{name}"')
    return names


def _follow(connection: imaplib.IMAP4, folder: str, own: str, wanted: dict[str, str]) -> Followed:
    present = _rights(connection, folder)
    present.pop(own, None)
    lost = {who for who, rights in present.items() if set(rights) - COMPOUND - set(wanted.get(who, ""))}
    for who, rights in wanted.items():
        if set(present.get(who, "")) - COMPOUND != set(rights):
            connection.setacl(folder, who, rights)
    for who in present.keys() - wanted.keys():
        if folder == INBOX:
            connection.setacl(folder, who, LEAVING)
        else:
            connection.deleteacl(folder, who)
    connection.xatom("SETMETADATA", folder, SEEN_SHARED)
    return Followed(folder, wanted.keys() - present.keys(), lost)


def _show(own: str, folders: list[Followed]) -> None:
    """Subscribe those who came: many applications show nothing else."""
    for store_id in {who for folder in folders for who in folder.came}:
        with store_connect_as(store_id) as connection:
            for folder in folders:
                if store_id in folder.came:
                    inside = "" if folder.name == INBOX else f"/{folder.name[1:-1]}"
                    connection.subscribe(f'"Other Users/{own}{inside}"')


def _hide(own: str, store_id: str) -> None:
    """The store lists a subscription even when nothing is behind it any more."""
    with store_connect_as(store_id) as connection:
        for row in connection.lsub('""', f'"Other Users/{own}*"')[1]:
            found = LISTED.fullmatch(row) if isinstance(row, bytes) else None
            if found:
                connection.unsubscribe(found["name"].decode())


COMPOUND = frozenset("cd")
"""RFC 2086's rights, which the store adds to those they stood for."""


def _rights(connection: imaplib.IMAP4, folder: str) -> dict[str, str]:
    """Identifier -> rights (RFC 4314 3.6)."""
    answer = connection.getacl(folder)[1][0]
    words = [(quoted or bare).decode() for quoted, bare in WORD.findall(answer if isinstance(answer, bytes) else b"")]
    return dict(zip(words[1::2], words[2::2], strict=False))
