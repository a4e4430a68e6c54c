"""Until an account is activated, only the activation path is open to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

OPEN = {
    "accounts:sign-out",
    "accounts:sign-in",
    "set_language",
    "mail-auth",
    "accounts:alert-link",
    "accounts:alert-prove",
}


class ActivationMiddleware:
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
