"""The door every page of the webmail has: signed in, the store open as that person, its refusals turned into pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ecritoire.common.requests import AccountRequest
from ecritoire.common.views import error_page
from ecritoire.mailstore.jmap import JmapClient, JmapError, StoreUnavailable
from ecritoire.mailstore.services import store_open

from ..selectors.conversations import FolderGoneError
from ..selectors.messages import MessageGoneError, Reader

P = ParamSpec("P")
# What the store answers while the service that checks its sign-ins restarts.
STORE_BROKEN = "500"
MailView = Callable[Concatenate[AccountRequest, JmapClient, P], HttpResponseBase]


def mail_view(view: MailView[P]) -> Callable[..., HttpResponseBase]:
    """Opens the store for ``view``: away -> a 503 page that offers to try again; an object gone -> 404."""

    @never_cache
    @login_required
    @wraps(view)
    def opened(request: AccountRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            with store_open(account=request.user) as client:
                return view(request, client, *args, **kwargs)
        except JmapError as error:
            if isinstance(error, StoreUnavailable) or error.kind == STORE_BROKEN:
                return store_away(request)
            raise
        except (FolderGoneError, MessageGoneError) as error:
            raise Http404(str(error)) from error

    return opened


def store_away(request: HttpRequest) -> HttpResponseBase:
    text = _("Le serveur de courrier ne répond pas. Vos messages sont en sécurité : réessayez dans quelques instants.")
    code = HTTPStatus.SERVICE_UNAVAILABLE
    response = error_page(request, code, _("Courrier momentanément indisponible"), text, retry=request.method == "GET")
    response["Retry-After"] = "10"
    return response


def reader_of(request: AccountRequest) -> Reader:
    """Whoever is not of the reader's académie writes from outside; the filter that judged the message is the installation's."""
    home = request.user.login.rpartition("@")[2]
    return Reader(own_domains=frozenset({home}), server=f"mail.{settings.MAIL_DOMAIN}")


def way_back(request: HttpRequest, fallback: str) -> str:
    """Where the form says to return to, when that is one of our own pages."""
    target = request.POST.get("retour", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=True)
    return target if safe and target.startswith("/") else fallback
