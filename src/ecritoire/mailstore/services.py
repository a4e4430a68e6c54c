"""Writes to the store, and the door to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from ecritoire.accounts.services import mail_token_issue

from .jmap import JmapClient, JmapError

if TYPE_CHECKING:
    from ecritoire.accounts.models import Account

SPECIAL_USE = {"inbox", "sent", "drafts", "trash", "junk", "archive"}


def store_open(*, account: Account) -> JmapClient:
    """The store as ``account``; use as a context manager."""
    socket_path = settings.CONFIG.data_dir / "run" / "cyrus-http" / "http"
    token = mail_token_issue(account=account)
    return JmapClient(socket_path=socket_path, account_id=account.store_id, token=token)


def mailbox_create(*, account: Account) -> None:
    """Make the mailbox with its special-use folders and quota: the store does so at the first sign-in.

    May run again without harm. Raises JmapError when the mailbox is not there afterwards.
    """
    with store_open(account=account) as client:
        folders = client.call(("Mailbox/get", {"properties": ["role"]}, "folders"))["folders"]["list"]
    missing = SPECIAL_USE - {folder["role"] for folder in folders}
    if missing:
        raise JmapError("incomplete", f"{account.store_id} lacks {', '.join(sorted(missing))}")
