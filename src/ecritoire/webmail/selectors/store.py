"""What every page asks of the store: the folders, and the special ones by role."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.cache import cache

from ecritoire.mailstore.jmap import Invocation, JmapClient

from .folders import PROPERTIES, Folders

if TYPE_CHECKING:
    from ecritoire.accounts.models import Account

NEWEST_FIRST = [{"property": "receivedAt", "isAscending": False}]
ROLES_CACHE_SECONDS = 30 * 24 * 3600


def instant(text: str) -> datetime:
    """A JMAP UTCDate."""
    return datetime.fromisoformat(text)


def inbox_id(*, client: JmapClient, account: Account) -> str:
    """The inbox's folder id, from memory when it is there: a query by role would cost a round trip of its own."""
    known: dict[str, str] | None = cache.get(_roles_key(account))
    if known and "inbox" in known:
        return known["inbox"]
    return folders_get(client=client, account=account).roles["inbox"]


def folders_get(*, client: JmapClient, account: Account) -> Folders:
    """Every folder with its counts. One round trip."""
    folders = Folders(client.call(folders_invocation())["folders"]["list"])
    remember_roles(account=account, folders=folders)
    return folders


def remember_roles(*, account: Account, folders: Folders) -> None:
    key = _roles_key(account)
    if cache.get(key) != folders.roles:
        cache.set(key, folders.roles, ROLES_CACHE_SECONDS)


def forget_roles(*, account: Account) -> None:
    cache.delete(_roles_key(account))


def _roles_key(account: Account) -> str:
    return f"webmail:roles:{account.store_id}"


def folders_invocation() -> Invocation:
    return "Mailbox/get", {"ids": None, "properties": PROPERTIES}, "folders"
