"""A person's own folders, and emptying the trash or the junk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecritoire.mailstore.jmap import JmapClient

from ..forms import FolderForm, FolderNameForm
from ..here import mail_url
from ..places import MailRequest
from ..selectors.conversations import FolderGoneError
from ..selectors.folders import Folder, Folders
from ..selectors.store import folders_get
from ..services.folders import FolderRefusedError, folder_create, folder_delete, folder_rename
from ..services.messages import folder_empty
from .doors import arranging_view, writing_view


@arranging_view
def manage(request: MailRequest, client: JmapClient) -> HttpResponseBase:
    """The person's folders, and the form that makes another."""
    folders = folders_get(client=client)
    form = FolderForm(request.POST or None, folders=folders)
    if request.method == "POST" and form.is_valid():
        try:
            folder_create(
                client=client,
                name=form.cleaned_data["name"],
                parent_id=form.cleaned_data["parent"],
                shared=request.place.is_shared,
            )
        except FolderRefusedError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Dossier « %(name)s » créé.") % {"name": form.cleaned_data["name"]})
            return redirect(mail_url("folders"))
    return render(request, "webmail/folders.html", {"folders": folders, "form": form})


@arranging_view
def rename(request: MailRequest, client: JmapClient, folder_id: str) -> HttpResponseBase:
    folders = folders_get(client=client)
    folder = _own(folders, folder_id)
    form = FolderNameForm(request.POST or None, initial={"name": folder.name})
    if request.method == "POST" and form.is_valid():
        try:
            folder_rename(client=client, folder_id=folder.id, name=form.cleaned_data["name"])
        except FolderRefusedError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Dossier renommé « %(name)s ».") % {"name": form.cleaned_data["name"]})
            return redirect(mail_url("folders"))
    return render(request, "webmail/folder_rename.html", {"folders": folders, "folder": folder, "form": form})


@arranging_view
def delete(request: MailRequest, client: JmapClient, folder_id: str) -> HttpResponseBase:
    """Ask, then remove the folder; what it holds goes to the trash."""
    folders = folders_get(client=client)
    folder = _own(folders, folder_id)
    if request.method == "POST":
        try:
            folder_delete(client=client, folder_id=folder.id, trash_id=folders.roles["trash"])
        except FolderRefusedError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Dossier « %(name)s » supprimé.") % {"name": folder.name})
        return redirect(mail_url("folders"))
    text = _("Les messages du dossier « %(name)s » iront à la corbeille.") % {"name": folder.name}
    return _confirm(request, _("Supprimer ce dossier ?"), text, _("Supprimer le dossier"), mail_url("folders"))


@writing_view
def empty(request: MailRequest, client: JmapClient, folder_id: str) -> HttpResponseBase:
    """Ask, then destroy everything in the trash or among the junk; no other folder can be emptied."""
    folder = folders_get(client=client).get(folder_id)
    if folder is None or not folder.holds_rubbish:
        raise FolderGoneError(folder_id)
    back = mail_url("folder", folder.id)
    if request.method == "POST":
        count = folder_empty(client=client, folder_id=folder.id)
        text = ngettext("Un message supprimé définitivement.", "%(count)d messages supprimés définitivement.", count)
        messages.success(request, text % {"count": count} if count else _("Le dossier était déjà vide."))
        return redirect(back)
    text = _("Tous les messages du dossier « %(name)s » seront supprimés sans retour possible.") % {
        "name": folder.label
    }
    return _confirm(request, _("Vider ce dossier ?"), text, _("Tout supprimer"), back)


def _own(folders: Folders, folder_id: str) -> Folder:
    folder = folders.get(folder_id)
    if folder is None or not folder.is_custom:
        raise FolderGoneError(folder_id)
    return folder


def _confirm(request: MailRequest, title: str, text: str, action: str, back: str) -> HttpResponseBase:
    context: dict[str, Any] = {"title": title, "text": text, "action": action, "back": back, "danger": True}
    return render(request, "common/confirm.html", context)
