"""The gestures of the toolbar, on whole conversations or single messages, each with what it tells the person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecritoire.mailstore.jmap import JmapClient

from ..selectors.folders import Folder, Folders
from .messages import Moved, Placed, messages_destroy, messages_mark, messages_move


class GestureRefusedError(Exception):
    """The gesture makes no sense here; the message says why, for the person."""


@dataclass(frozen=True)
class Selection:
    """What a gesture acts on: ``messages`` (oldest first), chosen one by one or as whole conversations.

    ``folder`` is where the person stands, None in a search; ``target`` the folder id of a move.
    """

    client: JmapClient
    messages: Sequence[Placed]
    folders: Folders
    folder: Folder | None
    by_message: bool = False
    target: str = ""

    @property
    def count(self) -> int:
        return len(self.messages) if self.by_message else len({message.thread_id for message in self.messages})

    def here(self) -> list[Placed]:
        """Those a move concerns: the ones in this folder; in a search, all but sent, drafts and rubbish, if any."""
        if self.by_message:
            return list(self.messages)
        if self.folder:
            return [message for message in self.messages if self.folder.id in message.folders]
        aside = {folder.id for folder in self.folders if folder.shows_recipients or folder.holds_rubbish}
        return [message for message in self.messages if not message.folders <= aside] or list(self.messages)

    def newest(self) -> list[Placed]:
        """The last message received of each conversation."""
        if self.by_message:
            return list(self.messages)
        return list({message.thread_id: message for message in self.here() if not message.is_draft}.values())

    def only_rubbish(self) -> bool:
        """Whether deleting means for good: everything here already lies in the trash or among the junk."""
        rubbish = {folder.id for folder in self.folders if folder.holds_rubbish}
        return all(message.folders <= rubbish for message in self.here())


@dataclass(frozen=True)
class Outcome:
    text: str
    moved: Moved | None = None


def _mark(keyword: str, present: bool, *, newest_only: bool = False) -> Callable[[Selection], Outcome]:
    def gesture(chosen: Selection) -> Outcome:
        messages = chosen.newest() if newest_only else chosen.messages
        ids = [message.id for message in messages]
        messages_mark(client=chosen.client, ids=ids, keyword=keyword, present=present)
        return Outcome("")

    return gesture


def _to_role(role: str, text: Callable[[int], str], **keywords: bool) -> Callable[[Selection], Outcome]:
    marks = {f"${name}": present for name, present in keywords.items()}

    def gesture(chosen: Selection) -> Outcome:
        folder = chosen.folders.with_role(role)
        if folder is None:
            raise GestureRefusedError(_("Ce dossier n'existe pas dans votre boîte."))
        moved = messages_move(client=chosen.client, messages=chosen.here(), to=folder.id, keywords=marks)
        return Outcome(text(chosen.count), moved)

    return gesture


def _move(chosen: Selection) -> Outcome:
    folder = chosen.folders.get(chosen.target)
    if folder is None:
        raise GestureRefusedError(_("Choisissez le dossier de destination."))
    moved = messages_move(client=chosen.client, messages=chosen.here(), to=folder.id)
    sentence = ngettext(
        "Déplacé vers « %(folder)s ».", "%(count)d éléments déplacés vers « %(folder)s ».", chosen.count
    )
    return Outcome(sentence % {"count": chosen.count, "folder": folder.label}, moved)


def _destroy(chosen: Selection) -> Outcome:
    if not chosen.only_rubbish():
        raise GestureRefusedError(
            _("Seul ce qui est dans la corbeille ou les indésirables se supprime définitivement.")
        )
    messages_destroy(client=chosen.client, ids=[message.id for message in chosen.here()])
    return Outcome(
        ngettext("Supprimé définitivement.", "%(count)d éléments supprimés définitivement.", chosen.count)
        % {"count": chosen.count}
    )


def _archived(count: int) -> str:
    return ngettext("Archivé.", "%(count)d éléments archivés.", count) % {"count": count}


def _deleted(count: int) -> str:
    return ngettext("Placé dans la corbeille.", "%(count)d éléments placés dans la corbeille.", count) % {
        "count": count
    }


def _junked(count: int) -> str:
    return ngettext("Signalé comme indésirable.", "%(count)d éléments signalés comme indésirables.", count) % {
        "count": count
    }


def _rescued(count: int) -> str:
    return ngettext(
        "Remis dans la boîte de réception.", "%(count)d éléments remis dans la boîte de réception.", count
    ) % {"count": count}


GESTURES: dict[str, Callable[[Selection], Outcome]] = {
    "read": _mark("$seen", True),
    "unread": _mark("$seen", False, newest_only=True),
    "flag": _mark("$flagged", True, newest_only=True),
    "unflag": _mark("$flagged", False),
    "archive": _to_role("archive", _archived),
    "delete": _to_role("trash", _deleted),
    "junk": _to_role("junk", _junked, junk=True, notjunk=False),
    "not-junk": _to_role("inbox", _rescued, junk=False, notjunk=True),
    "move": _move,
    "destroy": _destroy,
}


def gesture_perform(name: str, *, selection: Selection) -> Outcome:
    """Raises GestureRefusedError."""
    if not selection.messages:
        raise GestureRefusedError(_("Ces messages n'existent plus."))
    return GESTURES[name](selection)
