"""A conversation to read, and what can be seen of one message: its headers."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import render

from ecritoire.mailstore.jmap import JmapClient

from ..answering import answering_now
from ..here import mail_url
from ..places import MailRequest
from ..selectors.details import message_details
from ..selectors.messages import conversation_get
from ..selectors.queries import ListQuery
from ..services.messages import messages_open
from .doors import mail_view, reader_of


@mail_view
def conversation(request: MailRequest, client: JmapClient, thread_id: str) -> HttpResponseBase:
    """One round trip; a second, with the new counts, only when there is something to mark as read."""
    query = ListQuery.from_parameters(request.GET.dict())
    is_listed = "rang" in request.GET
    found = conversation_get(
        client=client,
        thread_id=thread_id,
        reader=reader_of(request),
        query=query if is_listed or query.folder else None,
        rank=_rank(request),
        show_all="tout" in request.GET,
    )
    opens = found.unread_ids and request.place.may_write
    folders = messages_open(client=client, ids=found.unread_ids) if opens else found.folders
    context = {
        "conversation": found,
        "folders": folders,
        "folder": found.folder,
        "query": query,
        "back_url": query.url() if is_listed or query.folder else mail_url("inbox"),
        "newer_url": _neighbour_url(query, found.newer),
        "older_url": _neighbour_url(query, found.older),
        "answering": answering_now(request.place, [message.id for message in found.messages]),
        "round_trips": client.round_trips,
    }
    return render(request, "webmail/conversation.html", context)


@mail_view
def details(request: MailRequest, client: JmapClient, email_id: str) -> HttpResponseBase:
    """Where a message came from: what our server verified, and every header."""
    found = message_details(client=client, email_id=email_id, reader=reader_of(request))
    return render(request, "webmail/details.html", {"details": found, "message": found.message})


def _rank(request: MailRequest) -> int:
    text = request.GET.get("rang", "")
    return min(int(text), 1_000_000) if text.isascii() and text.isdigit() else 0


def _neighbour_url(query: ListQuery, neighbour: tuple[str, int] | None) -> str:
    if neighbour is None:
        return ""
    thread_id, rank = neighbour
    return f"{mail_url('conversation', thread_id)}?{urlencode({**query.parameters(), 'rang': rank})}"
