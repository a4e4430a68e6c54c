"""What stands between a request and its view: the mail proxy's short way in, and the activation path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

OPEN = {"accounts:sign-out", "accounts:sign-in", "set_language"}
MAIL_AUTH = "/interne/mail-auth"


class MailAuthMiddleware:
    """Answers nginx's mail proxy at once: sessions, languages and browser headers would cost more than the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from .views.mail_auth import mail_auth

        return mail_auth(request) if request.path_info == MAIL_AUTH else self._get_response(request)


class ActivationMiddleware:
    """Until an account is activated, only the activation path is open to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OPEN or name.startswith("accounts:activation"):
            return None
        account = request.user
        if not account.is_authenticated:
            return None
        if not account.is_activated or account.must_change_password:
            return redirect("accounts:activation")
        return None
