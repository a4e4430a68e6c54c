"""Opening a session for somebody whom the upstream identity provider has recognised."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login as django_login
from django.http import HttpRequest

from ecritoire.accounts import sessions
from ecritoire.accounts.models import Account, SignInEvent
from ecritoire.common.requests import client_address

from .history import sign_in_record

FACTORS = {"mfa", "otp", "hwk", "swk", "sc", "pop", "fpt", "face"}


def sign_in_upstream(*, request: HttpRequest, account: Account, provider: str, amr: list[str]) -> None:
    """``amr`` is what the provider says of how the person signed in there; only what speaks of a factor is kept."""
    sign_in_record(
        login=account.login,
        account=account,
        protocol=SignInEvent.Protocol.WEB,
        result=SignInEvent.Result.SUCCESS,
        address=client_address(request),
        application=f"{provider}, {request.headers.get('User-Agent', '')}",
    )
    django_login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    sessions.begin(request, idle_seconds=settings.SESSION_IDLE_SECONDS)
    request.session["amr"] = ["pwd", *sorted(FACTORS & {str(method) for method in amr})]
