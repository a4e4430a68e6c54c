"""The door every page of the webmail has: signed in, the store open as that person in their mailbox or a shared one they are
let into today, its refusals turned into pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ecritoire.common.requests import AccountRequest
from ecritoire.common.views import error_page
from ecritoire.directory.services import functional_opened
from ecritoire.mailstore.jmap import JmapClient, JmapError, StoreUnavailable
from ecritoire.mailstore.services import store_open
from ecritoire.mailstore.services_functional import functional_follow

from ..here import standing_in
from ..places import MailRequest, Place
from ..selectors.conversations import FolderGoneError
from ..selectors.messages import MessageGoneError, Reader

P = ParamSpec("P")
# What the store answers while the service that checks its sign-ins restarts.
STORE_BROKEN = "500"
NOT_LET_IN_YET = "accountNotFound"
MailView = Callable[Concatenate[MailRequest, JmapClient, P], HttpResponseBase]


def mail_view(view: MailView[P]) -> Callable[..., HttpResponseBase]:
    """Opens the store for ``view``: away -> a 503 page that offers to try again; an object gone -> 404.

    A shared mailbox is there for its members of today, and for nobody else: 404.
    """

    @never_cache
    @login_required
    @wraps(view)
    def opened(request: MailRequest, *args: Any, mailbox_id: int | None = None, **kwargs: Any) -> HttpResponseBase:
        request.place = place_of(request, mailbox_id)
        try:
            with standing_in(mailbox_id, request.place.others), place_open(request.place) as client:
                return view(request, client, *args, **kwargs)
        except JmapError as error:
            away = isinstance(error, StoreUnavailable) or error.kind == STORE_BROKEN
            if away or (mailbox_id is not None and error.kind == NOT_LET_IN_YET):
                return store_away(request)
            raise
        except (FolderGoneError, MessageGoneError) as error:
            raise Http404(str(error)) from error

    return opened


def writing_view(view: MailView[P]) -> Callable[..., HttpResponseBase]:
    """``mail_view`` for what changes something: 403 for whoever only reads the mailbox."""

    @mail_view
    @wraps(view)
    def checked(request: MailRequest, client: JmapClient, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.place.may_write:
            raise PermissionDenied
        return view(request, client, *args, **kwargs)

    return checked


def arranging_view(view: MailView[P]) -> Callable[..., HttpResponseBase]:
    """``mail_view`` for the folders themselves: 403 for assistants and readers."""

    @mail_view
    @wraps(view)
    def checked(request: MailRequest, client: JmapClient, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.place.may_arrange:
            raise PermissionDenied
        return view(request, client, *args, **kwargs)

    return checked


def place_of(request: AccountRequest, mailbox_id: int | None) -> Place:
    """Raises Http404."""
    place = Place.find(request.user, mailbox_id)
    if place is None:
        raise Http404(str(mailbox_id))
    return place


def place_open(place: Place) -> JmapClient:
    """The store there. A member may be here before the job that lets them in: it is done now, then."""
    member = place.member
    if member is None:
        return store_open(account=place.account)
    if member.last_opened_on is None:
        functional_follow(mailbox_id=member.mailbox_id)
    functional_opened(member=member)
    return store_open(account=place.account, mailbox=member.mailbox.store_id)


def store_away(request: HttpRequest) -> HttpResponseBase:
    text = _("Le serveur de courrier ne répond pas. Vos messages sont en sécurité : réessayez dans quelques instants.")
    code = HTTPStatus.SERVICE_UNAVAILABLE
    response = error_page(request, code, _("Courrier momentanément indisponible"), text, retry=request.method == "GET")
    response["Retry-After"] = "10"
    return response


def reader_of(request: MailRequest) -> Reader:
    """Whoever is not of the reader's académie writes from outside; the filter that judged the message is the installation's."""
    home = request.user.login.rpartition("@")[2]
    return Reader(own_domains=frozenset({home}), server=f"mail.{settings.MAIL_DOMAIN}")


def way_back(request: HttpRequest, fallback: str) -> str:
    """Where the form says to return to, when that is one of our own pages."""
    target = request.POST.get("retour", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=True)
    return target if safe and target.startswith("/") else fallback
