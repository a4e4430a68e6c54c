"""The toolbar: one endpoint for every gesture, and the one that takes a move back."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from ecritoire.mailstore.jmap import JmapClient

from ..here import mail_url
from ..jmap_ids import valid_ids
from ..places import MailRequest
from ..services.gestures import GESTURES, GestureRefusedError, Outcome, Selection, gesture_perform
from ..services.messages import Moved, messages_by_id, messages_of_threads, messages_restore
from .doors import way_back, writing_view

UNDO_KEY = "webmail_undo"
UNDO_LIMIT = 1_000
SELECTION_LIMIT = 500
STAR_BUTTONS = {"suivre": "flag", "ne-plus-suivre": "unflag"}


@require_POST
@writing_view
def act(request: MailRequest, client: JmapClient) -> HttpResponseBase:
    """A gesture on the ticked conversations (``fil``) or on single messages (``message``)."""
    back = way_back(request, mail_url("inbox"))
    name, threads = _gesture_named(request)
    if name not in GESTURES:
        return HttpResponseBadRequest()
    ids = valid_ids(request.POST.getlist("message")[:SELECTION_LIMIT])
    if not ids and not threads:
        messages.warning(request, _("Cochez d'abord une ou plusieurs conversations."))
        return redirect(back)
    selection = _selection(request, client, threads, ids)
    if name == "delete" and selection.messages and selection.only_rubbish():
        name = "destroy"
    if name == "destroy" and "confirme" not in request.POST:
        return _ask(request, selection, threads, ids, back)
    try:
        outcome = gesture_perform(name, selection=selection)
    except GestureRefusedError as error:
        messages.error(request, str(error))
    else:
        _tell(request, client, outcome)
    return redirect(back)


@require_POST
@writing_view
def undo(request: MailRequest, client: JmapClient) -> HttpResponseBase:
    """Take back the last move, once."""
    back = way_back(request, mail_url("inbox"))
    last = request.session.get(UNDO_KEY)
    if not last or last["key"] != request.POST.get("cle") or last["mailbox"] != client.account_id:
        messages.warning(
            request, _("Il est trop tard pour annuler cette action : retrouvez les messages dans leur dossier.")
        )
        return redirect(back)
    del request.session[UNDO_KEY]
    count = messages_restore(client=client, moved=Moved(last["before"]))
    text = ngettext(
        "Annulé : le message est revenu à sa place.", "Annulé : %(count)d messages sont revenus à leur place.", count
    )
    messages.success(request, text % {"count": count})
    return redirect(back)


def _gesture_named(request: MailRequest) -> tuple[str, list[str]]:
    """The gesture and its conversations: a row's own star stands for that row alone."""
    for button, name in STAR_BUTTONS.items():
        if button in request.POST:
            return name, valid_ids([request.POST[button]])
    return request.POST.get("action", ""), valid_ids(request.POST.getlist("fil")[:SELECTION_LIMIT])


def _selection(request: MailRequest, client: JmapClient, threads: list[str], ids: list[str]) -> Selection:
    if ids:
        chosen, folders = messages_by_id(client=client, ids=ids)
    else:
        chosen, folders = messages_of_threads(client=client, thread_ids=threads)
    folder = folders.get(request.POST.get("dossier", ""))
    return Selection(client, chosen, folders, folder, by_message=bool(ids), target=request.POST.get("vers", ""))


def _ask(request: MailRequest, selection: Selection, threads: list[str], ids: list[str], back: str) -> HttpResponseBase:
    fields = [("action", "destroy"), ("confirme", "1"), ("retour", back), ("dossier", request.POST.get("dossier", ""))]
    fields += [("fil", thread) for thread in threads] + [("message", email_id) for email_id in ids]
    text = ngettext(
        "Cet élément sera supprimé sans retour possible.",
        "%(count)d éléments seront supprimés sans retour possible.",
        selection.count,
    )
    context = {
        "title": _("Supprimer définitivement ?"),
        "text": text % {"count": selection.count},
        "action": _("Supprimer définitivement"),
        "danger": True,
        "fields": fields,
        "back": back,
    }
    return render(request, "common/confirm.html", context)


def _tell(request: MailRequest, client: JmapClient, outcome: Outcome) -> None:
    if outcome.moved and 0 < outcome.moved.count <= UNDO_LIMIT:
        key = secrets.token_urlsafe(8)
        request.session[UNDO_KEY] = {"key": key, "mailbox": client.account_id, "before": outcome.moved.before}
        label = pgettext("undo", "Annuler")
        button = '{} <button class="undo" form="undo" name="cle" value="{}">{}</button>'
        messages.success(request, format_html(button, outcome.text, key, label))
    elif outcome.text:
        messages.success(request, outcome.text)
