"""What every page asks of the store: the folders, and the inbox."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.cache import cache

from ecritoire.mailstore.jmap import Invocation, JmapClient

from .folders import PROPERTIES, Folders

if TYPE_CHECKING:
    from ecritoire.accounts.models import Account

NEWEST_FIRST = [{"property": "receivedAt", "isAscending": False}]
INBOX_CACHE_SECONDS = 30 * 24 * 3600


def instant(text: str) -> datetime:
    """A JMAP UTCDate."""
    return datetime.fromisoformat(text)


def inbox_id(*, client: JmapClient, account: Account) -> str:
    """The inbox's folder id, from memory when it is there: a query by role would cost a round trip of its own."""
    known: str | None = cache.get(_inbox_key(account))
    if known:
        return known
    found = folders_get(client=client).roles["inbox"]
    cache.set(_inbox_key(account), found, INBOX_CACHE_SECONDS)
    return found


def inbox_forget(*, account: Account) -> None:
    """The mailbox was restored or made anew: what we remembered of it is stale."""
    cache.delete(_inbox_key(account))


def folders_get(*, client: JmapClient) -> Folders:
    """Every folder with its counts. One round trip."""
    return Folders(client.call(folders_invocation())["folders"]["list"])


def folders_invocation() -> Invocation:
    return "Mailbox/get", {"ids": None, "properties": PROPERTIES}, "folders"


def _inbox_key(account: Account) -> str:
    return f"webmail:inbox:{account.store_id}"
