"""The list of conversations: folders, total, and one page of threads in one JMAP call with back-references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ecritoire.mailstore.jmap import Invocation, JmapClient, JmapError

from .folders import Folder, Folders
from .queries import PAGE_SIZE, ListQuery
from .rows import Row, RowMaker
from .store import NEWEST_FIRST, folders_in, mail_call

TOO_LARGE = "requestTooLarge"
NO_SUCH_FOLDER = "invalidArguments"
ROW_PROPERTIES = [
    "threadId",
    "subject",
    "preview",
    "receivedAt",
    "from",
    "to",
    "keywords",
    "mailboxIds",
    "hasAttachment",
]
THREAD_PROPERTIES = ["threadId", "from", "keywords", "mailboxIds", "hasAttachment", "receivedAt"]


@dataclass(frozen=True)
class ConversationPage:
    """One page of a list; ``folder`` is None when every folder is shown."""

    query: ListQuery
    folders: Folders
    folder: Folder | None
    rows: list[Row]
    total: int

    @property
    def first(self) -> int:
        return self.query.position + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return self.query.position + len(self.rows)

    @property
    def previous_url(self) -> str:
        return self.query.url(page=self.query.page - 1) if self.query.page > 1 else ""

    @property
    def next_url(self) -> str:
        return self.query.url(page=self.query.page + 1) if self.last < self.total else ""


class FolderGoneError(Exception):
    """The list asked for is of a folder that does not exist (any more)."""


def conversation_list(*, client: JmapClient, query: ListQuery, own_address: str) -> ConversationPage:
    """One page of conversations. One round trip; raises FolderGoneError."""
    answers = _answers(client, query)
    folders = folders_in(answers)
    folder = folders.get(query.folder)
    if query.folder and folder is None:
        raise FolderGoneError(query.folder)
    rows = RowMaker(query=query, folders=folders, own_address=own_address).rows(answers)
    return ConversationPage(query, folders, folder, rows, answers["ids"].get("total", 0))


def _answers(client: JmapClient, query: ListQuery) -> dict[str, Any]:
    try:
        return mail_call(client, *_invocations(query, with_threads=True))
    except JmapError as error:
        if error.kind == NO_SUCH_FOLDER and query.folder:
            raise FolderGoneError(query.folder) from error
        if error.kind != TOO_LARGE:
            raise
        # Fifty conversations of thousands of messages: the newest message of each will do.
        return mail_call(client, *_invocations(query, with_threads=False))


def _invocations(query: ListQuery, *, with_threads: bool) -> list[Invocation]:
    page = {"position": query.position, "limit": PAGE_SIZE, "calculateTotal": True}
    search = {"filter": query.jmap_filter(), "sort": NEWEST_FIRST, "collapseThreads": True, **page}
    ids = {"resultOf": "ids", "name": "Email/query", "path": "/ids"}
    calls: list[Invocation] = [
        ("Email/query", search, "ids"),
        ("Email/get", {"#ids": ids, "properties": ROW_PROPERTIES}, "emails"),
    ]
    if query.search.text:
        calls.append(("SearchSnippet/get", {"#emailIds": ids, "filter": query.jmap_filter()}, "snippets"))
    if with_threads:
        thread_ids = {"resultOf": "emails", "name": "Email/get", "path": "/list/*/threadId"}
        email_ids = {"resultOf": "threads", "name": "Thread/get", "path": "/list/*/emailIds"}
        calls.append(("Thread/get", {"#ids": thread_ids}, "threads"))
        calls.append(("Email/get", {"#ids": email_ids, "properties": THREAD_PROPERTIES}, "members"))
    return calls
