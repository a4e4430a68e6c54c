"""nginx's mail proxy asks here whether a mail application may come in (``auth_http``)."""

from __future__ import annotations

import hmac
from http import HTTPStatus
from urllib.parse import unquote

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from ecritoire.accounts.models import SignInEvent
from ecritoire.accounts.services.app_passwords import looks_like_secret
from ecritoire.accounts.services.mail_sign_in import MailSignIn, mail_sign_in

Protocol = SignInEvent.Protocol
REFUSED, LATER = "535 5.7.8", "451 4.3.0"
PAGE = "/compte/applications/"
INVALID = "Invalid login or password"
WAIT_SECONDS = 3


def backend_port(protocol: SignInEvent.Protocol) -> int:
    internal = settings.CONFIG.internal
    return {Protocol.IMAP: internal.imap, Protocol.POP3: internal.pop3, Protocol.SMTP: internal.submission}[protocol]


def mail_auth(request: HttpRequest) -> HttpResponse:
    """Headers in, headers out, as nginx's ngx_mail_auth_http_module documents them."""
    key = settings.CONFIG.secret("nginx-auth-key")
    if not hmac.compare_digest(request.headers.get("X-Auth-Key", "").encode(), key.encode()):
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    protocol = Protocol(request.headers.get("Auth-Protocol", ""))
    secret = unquote(request.headers.get("Auth-Pass", ""))
    try:
        outcome = mail_sign_in(
            login=unquote(request.headers.get("Auth-User", "")).replace("\0", ""),
            secret=secret,
            protocol=protocol,
            address=request.headers.get("Client-IP", ""),
        )
    except DatabaseError:
        return answer(
            **{"Auth-Status": "Temporary server problem, try again later", "Auth-Error-Code": LATER, "Auth-Wait": "3"}
        )
    return accept(outcome, protocol) if outcome.ok else refuse(secret)


def accept(outcome: MailSignIn, protocol: SignInEvent.Protocol) -> HttpResponse:
    """The store knows store ids; Postfix's sender maps know secrets."""
    return answer(
        **{
            "Auth-Status": "OK",
            "Auth-Server": "127.0.0.1",
            "Auth-Port": str(backend_port(protocol)),
            "Auth-User": outcome.sender if protocol == Protocol.SMTP else outcome.store_id,
            "Auth-Pass": outcome.token,
        }
    )


def refuse(secret: str) -> HttpResponse:
    """The text, which many applications show, depends on the shape of what was typed alone: it tells of no account."""
    text = INVALID if looks_like_secret(secret) else f"Use an application secret: {settings.CONFIG.base_url}{PAGE}"
    return answer(**{"Auth-Status": text, "Auth-Error-Code": REFUSED, "Auth-Wait": str(WAIT_SECONDS)})


def answer(**headers: str) -> HttpResponse:
    return HttpResponse(headers=headers)
