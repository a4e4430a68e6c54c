"""Until an account is activated, only the activation path is open to it; then, where one must enrol, that page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

OPEN = {"accounts:sign-out", "accounts:sign-in", "set_language", "mail-auth"}


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


class FactorMiddleware:
    """A person who must enrol a second factor goes there first. Stands after ActivationMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.session.get("must_enrol"):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OPEN or name.startswith(("accounts:factor", "accounts:activation")):
            return None
        account = request.user
        if not account.is_authenticated or not account.is_activated or account.must_change_password:
            return None
        return redirect("accounts:factors")
