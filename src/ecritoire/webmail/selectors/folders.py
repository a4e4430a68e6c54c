"""The folders of a mailbox, as a tree in reading order."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..here import mail_url

ROLE_NAMES: dict[str, str | Promise] = {
    "inbox": _("Boîte de réception"),
    "drafts": _("Brouillons"),
    "sent": _("Envoyés"),
    "archive": _("Archives"),
    "junk": _("Indésirables"),
    "trash": _("Corbeille"),
}
ROLE_ICONS = {
    "inbox": "inbox",
    "drafts": "draft",
    "sent": "sent",
    "archive": "archive",
    "junk": "junk",
    "trash": "trash",
}
ROLE_ORDER = list(ROLE_NAMES)
PROPERTIES = ["name", "parentId", "role", "totalEmails", "unreadEmails", "totalThreads", "unreadThreads"]


@dataclass(frozen=True)
class Folder:
    """One folder; ``total`` and ``unread`` count conversations."""

    id: str
    name: str
    parent_id: str | None
    role: str | None
    total: int
    unread: int
    depth: int = 0

    @property
    def label(self) -> str | Promise:
        return ROLE_NAMES.get(self.role or "", self.name)

    @property
    def url(self) -> str:
        return mail_url("folder", self.id)

    @property
    def icon(self) -> str:
        return ROLE_ICONS.get(self.role or "", "folder")

    @property
    def count(self) -> int:
        """The number worth showing: what is left to read, or to finish."""
        if self.role == "drafts":
            return self.total
        return 0 if self.role in {"sent", "trash"} else self.unread

    @property
    def is_custom(self) -> bool:
        return self.role is None

    @property
    def holds_rubbish(self) -> bool:
        return self.role in {"trash", "junk"}

    @property
    def shows_recipients(self) -> bool:
        return self.role in {"sent", "drafts"}


class Folders:
    """All folders of a mailbox: iterated parents first, special-use ones before the person's own.

    ``inboxes``: unread conversations in the inbox of each mailbox one may open, by store id.
    """

    def __init__(self, raw: list[dict[str, Any]], inboxes: dict[str, int] | None = None) -> None:
        self.inboxes = inboxes or {}
        self._by_id = {item["id"]: _folder(item) for item in raw}
        self._children: dict[str | None, list[Folder]] = defaultdict(list)
        for folder in self._by_id.values():
            parent = folder.parent_id if folder.parent_id in self._by_id else None
            self._children[parent].append(folder)
        self.ordered = list(self._walk(None, 0))

    def __iter__(self) -> Iterator[Folder]:
        return iter(self.ordered)

    def get(self, folder_id: str) -> Folder | None:
        return self._by_id.get(folder_id)

    def with_role(self, role: str) -> Folder | None:
        return next((folder for folder in self.ordered if folder.role == role), None)

    @property
    def roles(self) -> dict[str, str]:
        """Folder ids by role."""
        return {folder.role: folder.id for folder in self.ordered if folder.role}

    def special(self) -> list[Folder]:
        return [folder for folder in self.ordered if not folder.is_custom]

    def custom(self) -> list[Folder]:
        return [folder for folder in self.ordered if folder.is_custom]

    def destinations(self) -> list[Folder]:
        """Where a message may be moved by hand: drafts and sent messages are made there, not moved there."""
        return [folder for folder in self.ordered if not folder.shows_recipients]

    def _walk(self, parent: str | None, depth: int) -> Iterator[Folder]:
        for folder in sorted(self._children[parent], key=_order):
            yield replace(folder, depth=depth)
            yield from self._walk(folder.id, depth + 1)


def _folder(item: dict[str, Any]) -> Folder:
    role = item.get("role")
    return Folder(
        id=item["id"],
        name=item["name"],
        parent_id=item.get("parentId"),
        role=role if role in ROLE_NAMES else None,
        total=item.get("totalThreads", 0),
        unread=item.get("unreadThreads", 0),
    )


def _order(folder: Folder) -> tuple[int, str]:
    rank = ROLE_ORDER.index(folder.role) if folder.role else len(ROLE_ORDER)
    plain = unicodedata.normalize("NFKD", folder.name).encode("ascii", "ignore").decode()
    return rank, plain.casefold()
