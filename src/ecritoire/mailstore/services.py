"""Writes to the store, and the door to it."""

from __future__ import annotations

import datetime as dt
import imaplib
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from ecritoire.accounts.services import mail_token_issue

from .jmap import JmapClient, JmapError, StoreUnavailable

if TYPE_CHECKING:
    from ecritoire.accounts.models import Account

SPECIAL_USE = ("\\sent", "\\drafts", "\\trash", "\\junk", "\\archive")
NEW = dt.timedelta(minutes=5)


def store_open(*, account: Account) -> JmapClient:
    """The store as ``account``; use as a context manager.

    A newcomer may be here before the job that makes their mailbox: it is made now, then.
    """
    activated_at = account.activated_at
    fresh = activated_at is not None and timezone.now() - activated_at < NEW
    if fresh and cache.add(f"mailbox-made:{account.pk}", 1, NEW.seconds):
        mailbox_create(account=account)
    socket_path = settings.CONFIG.data_dir / "run" / "cyrus-http" / "http"
    token = mail_token_issue(account=account)
    return JmapClient(socket_path=socket_path, account_id=account.store_id, token=token)


def mailbox_create(*, account: Account) -> None:
    """Make the mailbox with its special-use folders and quota: the store does so at a first IMAP sign-in.

    May run again without harm. Raises StoreUnavailable, or JmapError when a folder is not there afterwards.
    """
    try:
        with imaplib.IMAP4("127.0.0.1", settings.CONFIG.internal.imap, timeout=30) as connection:
            connection.login(account.store_id, mail_token_issue(account=account))
            listed = b"\n".join(row for row in connection.list()[1] if isinstance(row, bytes)).decode().lower()
    except (OSError, imaplib.IMAP4.error) as error:
        raise StoreUnavailable("unavailable", str(error)) from error
    missing = [role for role in SPECIAL_USE if role not in listed]
    if missing:
        raise JmapError("incomplete", f"{account.store_id} lacks {', '.join(missing)}")
