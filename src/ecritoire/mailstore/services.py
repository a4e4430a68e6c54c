"""Writes to the store, and the door to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from ecritoire.accounts.services import mail_token_issue

from .jmap import JmapClient

if TYPE_CHECKING:
    from ecritoire.accounts.models import Account


def store_open(*, account: Account) -> JmapClient:
    """The store as ``account``; use as a context manager."""
    socket_path = settings.CONFIG.data_dir / "run" / "cyrus-http" / "http"
    token = mail_token_issue(account=account)
    return JmapClient(socket_path=socket_path, account_id=account.store_id, token=token)
