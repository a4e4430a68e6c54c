"""A person's own folders: made, renamed, removed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from ecritoire.mailstore.jmap import CYRUS, JmapClient, SetError

from .messages import Moved, Placed, messages_move

NAME_LENGTH = 80


class FolderRefusedError(Exception):
    """The change cannot be made; the message says why, for the person."""


def folder_create(*, client: JmapClient, name: str, parent_id: str | None = None, shared: bool = False) -> str:
    """Make a folder, under ``parent_id`` if given; returns its id. In a ``shared`` mailbox what one member has read, all have.

    Raises FolderRefusedError.
    """
    fields: dict[str, Any] = {"name": folder_name(name), "parentId": parent_id or None, "isSubscribed": True}
    if shared:
        fields["isSeenShared"] = True
    answer = _set(client, create={"new": fields})
    return str(answer["created"]["new"]["id"])


def folder_rename(*, client: JmapClient, folder_id: str, name: str) -> None:
    """Raises FolderRefusedError."""
    _set(client, update={folder_id: {"name": folder_name(name)}})


def folder_delete(*, client: JmapClient, folder_id: str, trash_id: str) -> Moved:
    """Remove a folder without sub-folders; its messages go to the trash. Raises FolderRefusedError."""
    found = {"resultOf": "found", "name": "Email/query", "path": "/ids"}
    answers = client.call(
        ("Email/query", {"filter": {"inMailbox": folder_id}}, "found"),
        ("Email/get", {"#ids": found, "properties": ["threadId", "mailboxIds", "receivedAt", "keywords"]}, "emails"),
    )
    emails = [
        Placed(email["id"], email["threadId"], frozenset(email["mailboxIds"]), email["receivedAt"], False)
        for email in answers["emails"]["list"]
    ]
    moved = messages_move(client=client, messages=emails, to=trash_id)
    _set(client, destroy=[folder_id])
    return moved


def folder_name(name: str) -> str:
    """``name`` as the store takes it. Raises FolderRefusedError."""
    clean = " ".join(name.split())
    if not clean:
        raise FolderRefusedError(_("Donnez un nom au dossier."))
    if len(clean) > NAME_LENGTH:
        raise FolderRefusedError(_("Le nom du dossier dépasse %(count)d caractères.") % {"count": NAME_LENGTH})
    if any(char in '/%*\\"' or not char.isprintable() for char in clean):
        raise FolderRefusedError(_('Le nom du dossier ne peut pas contenir / % * \\ ou ".'))
    return clean


def _set(client: JmapClient, **arguments: Any) -> dict[str, Any]:
    try:
        return client.set("Mailbox", using=[CYRUS], **arguments)
    except SetError as error:
        raise FolderRefusedError(REASONS.get(error.kind, _other)(error)) from error


def _other(error: SetError) -> str:
    return _("Le serveur de courrier a refusé ce changement (%(reason)s).") % {"reason": error.kind}


REASONS = {
    "invalidProperties": lambda error: _("Un dossier porte déjà ce nom, ou ce nom est réservé."),
    "alreadyExists": lambda error: _("Un dossier porte déjà ce nom."),
    "mailboxHasChild": lambda error: _("Ce dossier contient d'autres dossiers : supprimez-les d'abord."),
    "forbidden": lambda error: _("Ce dossier ne peut pas être modifié."),
    "notFound": lambda error: _("Ce dossier n'existe plus."),
}
