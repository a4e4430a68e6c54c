"""What every page asks of the store: the folders, and the inbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.cache import cache

from ecritoire.mailstore.jmap import Invocation, JmapClient

from ..here import others_here
from .folders import PROPERTIES, Folders

FOLDERS: Invocation = ("Mailbox/get", {"ids": None, "properties": PROPERTIES}, "folders")
NEWEST_FIRST = [{"property": "receivedAt", "isAscending": False}]
INBOX_CACHE_SECONDS = 30 * 24 * 3600


def instant(text: str) -> datetime:
    """A JMAP UTCDate."""
    return datetime.fromisoformat(text)


def inbox_id(*, client: JmapClient) -> str:
    """The inbox's folder id, from memory when it is there: a query by role would cost a round trip of its own."""
    known: str | None = cache.get(_inbox_key(client))
    if known:
        return known
    found = folders_get(client=client).roles["inbox"]
    cache.set(_inbox_key(client), found, INBOX_CACHE_SECONDS)
    return found


def inbox_forget(*, client: JmapClient) -> None:
    """The mailbox was restored or made anew: what we remembered of it is stale."""
    cache.delete(_inbox_key(client))


def folders_get(*, client: JmapClient) -> Folders:
    """Every folder with its counts. One round trip."""
    return folders_in(mail_call(client))


def mail_call(client: JmapClient, *invocations: Invocation) -> dict[str, Any]:
    """What every page asks, after ``invocations``, in one round trip: the folders here, and the inboxes beside.

    A mailbox beside that is not there yet, or no longer open to this person, has no count, and no page fails for it.
    """
    beside = {f"beside:{store_id}": store_id for store_id in others_here()}
    counts: list[Invocation] = [
        ("Mailbox/get", {"accountId": store_id, "ids": None, "properties": ["role", "unreadThreads"]}, tag)
        for tag, store_id in beside.items()
    ]
    answers: dict[str, Any] = client.call(*invocations, FOLDERS, *counts, optional=beside)
    answers["inboxes"] = {store_id: _unread(answers[tag]["list"]) for tag, store_id in beside.items() if tag in answers}
    answers["inboxes"][client.account_id] = _unread(answers["folders"]["list"])
    return answers


def folders_in(answers: dict[str, Any]) -> Folders:
    """From what ``mail_call`` answered."""
    return Folders(answers["folders"]["list"], answers["inboxes"])


def _unread(mailboxes: list[dict[str, Any]]) -> int:
    return sum(row["unreadThreads"] for row in mailboxes if row["role"] == "inbox")


def _inbox_key(client: JmapClient) -> str:
    return f"webmail:inbox:{client.account_id}"
