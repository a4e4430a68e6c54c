"""Chromium applies ``form-action`` to the redirects that follow a form: while somebody is on the way to a registered
service, pages allow that one host besides our own."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

KEY = "sso_origin"


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def origin_allow(response: HttpResponse, origin: str) -> HttpResponse:
    """Let forms of this page lead to ``origin``, which must belong to a registered service."""
    if origin:
        update = dict(getattr(response, "_csp_update", None) or {})
        response._csp_update = update | {"form-action": [origin]}  # type: ignore[attr-defined]
    return response


class FormActionMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if request.session.accessed and response.get("Content-Type", "").startswith("text/html"):
            origin_allow(response, request.session.get(KEY, ""))
        return response
