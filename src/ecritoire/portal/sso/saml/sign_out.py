"""Single logout asked by a service: its request is signed, so it ends the session from any browser, even without cookies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, SAMLError
from saml2.s_utils import UnsupportedBinding

from ecritoire.accounts.models import AccountSession
from ecritoire.accounts.services.management import session_close
from ecritoire.portal.models import SamlProvider, ServiceSession
from ecritoire.portal.sso.sessions import service_sessions_end

from .answers import encoded, name_id
from .requests import message_read


@dataclass(frozen=True)
class LogoutAnswer:
    """A redirect (``location``) or a form; neither when the service published no address for it."""

    service_name: str
    location: str = ""
    form_action: str = ""
    message: str = ""
    relay_state: str = ""


def logout_answer(request: HttpRequest) -> LogoutAnswer:
    """End the sessions named. Raises requests.Refused."""
    provider, message, server = message_read(request, "parse_logout_request", always_signed=True)
    _end(_named(provider, message))
    relay_state = (request.POST if request.method == "POST" else request.GET).get("RelayState", "")
    for binding in (BINDING_HTTP_REDIRECT, BINDING_HTTP_POST):
        try:
            reply = server.response_args(message, [binding])
        except (SAMLError, UnsupportedBinding):
            continue
        return _answer(server, provider, message, reply, relay_state)
    return LogoutAnswer(provider.service.name)


def _answer(server: Any, provider: SamlProvider, message: Any, reply: dict[str, Any], relay: str) -> LogoutAnswer:
    name, destination = provider.service.name, reply["destination"]
    if reply["binding"] == BINDING_HTTP_POST:
        response = server.create_logout_response(message, [BINDING_HTTP_POST], sign=True)
        return LogoutAnswer(name, form_action=destination, message=encoded(response), relay_state=relay)
    response = server.create_logout_response(message, [BINDING_HTTP_REDIRECT], sign=False)
    sent = server.apply_binding(BINDING_HTTP_REDIRECT, str(response), destination, relay, response=True, sign=True)
    return LogoutAnswer(name, location=dict(sent["headers"])["Location"])


def _named(provider: SamlProvider, message: Any) -> QuerySet[ServiceSession]:
    """The open sessions of this service that the request names, whose identifier is the one it gives."""
    open_here = ServiceSession.objects.filter(service=provider.service, ended_at=None).select_related("account")
    indexes = [one.text for one in message.session_index or []]
    if indexes:
        open_here = open_here.filter(handle__in=indexes)
    given = message.name_id.text if message.name_id is not None else ""
    same = [row.pk for row in open_here if _identifier(row, provider) == given]
    return ServiceSession.objects.filter(pk__in=same)


def _identifier(row: ServiceSession, provider: SamlProvider) -> str:
    known = name_id(account=row.account, service=provider.service, wanted=row.name_format, bond=row.bond)
    return str(known.text)


def _end(sessions: QuerySet[ServiceSession]) -> None:
    """The service that asks is not told; the others are, as the web session ends."""
    with transaction.atomic():
        rows = list(sessions.select_related("account"))
        service_sessions_end(sessions=sessions, tell=False)
        for row in rows:
            web = AccountSession.objects.filter(session_key=row.session_key, account=row.account).first()
            if web is not None:
                session_close(session=web, acting_user=row.account)
