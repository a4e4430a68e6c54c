"""What every answer has in common."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .navigation import pressing_forget

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


class PrivatePagesMiddleware:
    """What a signed-in person sees is theirs: no cache between may keep it, and the browser asks again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class PressingMiddleware:
    """Whoever acts sees at once what still presses: their counts in the header are counted anew after what is not only read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if request.method not in SAFE and request.user.is_authenticated:
            pressing_forget(request)
        return response
