"""Writes to the store, and the door to it."""

from __future__ import annotations

import datetime as dt
import imaplib
import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from ecritoire.accounts.services import mail_token_issue
from ecritoire.accounts.tokens import token_issue

from .jmap import JmapClient, StoreUnavailable

if TYPE_CHECKING:
    from ecritoire.accounts.models import Account

SPECIAL_USE = ("\\sent", "\\drafts", "\\trash", "\\junk", "\\archive")
NEW = dt.timedelta(minutes=5)
OTHER_SIGN_IN_SECONDS = 5.0


def store_open(*, account: Account, mailbox: str = "") -> JmapClient:
    """The store as ``account``, in their own mailbox or the shared one of that store id; use as a context manager.

    A newcomer may be here before the job that makes their mailbox: it is made now, then.
    """
    activated_at = account.activated_at
    fresh = activated_at is not None and timezone.now() - activated_at < NEW
    if fresh and cache.add(f"mailbox-made:{account.pk}", 1, NEW.seconds):
        mailbox_create(account=account)
    socket_path = settings.CONFIG.data_dir / "run" / "cyrus-http" / "http"
    token = mail_token_issue(account=account)
    own = account.store_id
    return JmapClient(socket_path=socket_path, account_id=mailbox or own, user_id=own, token=token)


def store_connect(*, account: Account) -> imaplib.IMAP4:
    """An IMAP connection to the store as ``account``. Raises OSError, IMAP4.error."""
    return store_connect_as(account.store_id)


def store_connect_as(store_id: str) -> imaplib.IMAP4:
    """The same as the mailbox itself, a shared one also; the store makes it, its folders and quota at the first time."""
    connection = imaplib.IMAP4("127.0.0.1", settings.CONFIG.internal.imap, timeout=30)
    connection.login(store_id, token_issue(store_id))
    return connection


def mailbox_create(*, account: Account) -> None:
    """Make the mailbox with its special-use folders and quota: the store does so at a first IMAP sign-in.

    May run again, or twice at once, without harm; what a crash left half-made is completed.
    Raises StoreUnavailable.
    """
    try:
        with store_connect(account=account) as connection:
            folders_complete(connection)
    except (OSError, imaplib.IMAP4.error) as error:
        raise StoreUnavailable("unavailable", str(error)) from error


def folders_complete(connection: imaplib.IMAP4) -> None:
    """The special-use folders that are not there."""
    for role in _still_missing(connection):
        connection.xatom("CREATE", role.strip("\\").capitalize(), f"(USE ({role}))")


def _still_missing(connection: imaplib.IMAP4) -> list[str]:
    """The roles without a folder once another sign-in, which may be making them now, has had its time."""
    deadline = time.monotonic() + OTHER_SIGN_IN_SECONDS
    while (missing := _missing(connection)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return missing


def _missing(connection: imaplib.IMAP4) -> list[str]:
    listed = b"\n".join(row for row in connection.list()[1] if isinstance(row, bytes)).decode().lower()
    return [role for role in SPECIAL_USE if role not in listed]
