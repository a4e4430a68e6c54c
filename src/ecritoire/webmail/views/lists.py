"""Lists of conversations: the inbox, a folder, a search."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from ecritoire.mailstore.jmap import JmapClient

from ..forms import AdvancedSearchForm
from ..here import mail_url
from ..places import MailRequest
from ..selectors.conversations import FolderGoneError, conversation_list
from ..selectors.queries import FILTERS, ListQuery
from ..selectors.store import inbox_forget, inbox_id
from .doors import mail_view


@mail_view
def inbox(request: MailRequest, client: JmapClient) -> HttpResponseBase:
    query = ListQuery.from_parameters(request.GET.dict(), folder=inbox_id(client=client))
    try:
        return _list(request, client, query)
    except FolderGoneError:
        inbox_forget(client=client)
        return _list(request, client, replace(query, folder=inbox_id(client=client)))


@mail_view
def folder(request: MailRequest, client: JmapClient, folder_id: str) -> HttpResponseBase:
    return _list(request, client, ListQuery.from_parameters(request.GET.dict(), folder=folder_id))


@mail_view
def search(request: MailRequest, client: JmapClient) -> HttpResponseBase:
    """The whole mailbox, or the folder named ``dossier``; the advanced form when nothing is asked yet."""
    query = ListQuery.from_parameters(request.GET.dict())
    if not query.is_search and query.folder and "avancee" not in request.GET:
        return redirect(query.url())
    return _list(request, client, query)


def _list(request: MailRequest, client: JmapClient, query: ListQuery) -> HttpResponseBase:
    page = conversation_list(client=client, query=query, own_address=request.place.address)
    if not page.rows and page.total and query.page > 1:
        return redirect(query.url(page=1))
    filters = [(name, label, query.url(filter=name, page=1)) for name, label in FILTERS.items()]
    show_advanced = "avancee" in request.GET or not (query.is_search or query.folder)
    context = {
        "show_advanced": show_advanced,
        "is_blank": not (query.is_search or query.folder or query.filter),
        "advanced_form": AdvancedSearchForm(initial=query.parameters(), folders=page.folders)
        if show_advanced
        else None,
        "advanced_url": f"{mail_url('search')}?{urlencode({**query.parameters(), 'avancee': 1})}",
        "everywhere_url": query.url(folder="", page=1),
        "page": page,
        "query": query,
        "folders": page.folders,
        "folder": page.folder,
        "filters": filters,
        "unfiltered_url": query.url(filter="", page=1),
        "round_trips": client.round_trips,
    }
    return render(request, "webmail/list.html", context)
