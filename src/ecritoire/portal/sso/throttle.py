"""How many mistakes one address may make at the endpoints that services call. Successes are never counted: a service that
signs a whole school in at eight o'clock is one address."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from ecritoire.common.requests import client_address

MISTAKES_A_MINUTE = 60
View = Callable[..., HttpResponseBase]


def no_nul(view: View) -> View:
    """No parameter of ours holds a NUL, and PostgreSQL takes none: an error of the caller's, not of ours."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        values = [value for fields in (request.GET, request.POST) for _, many in fields.lists() for value in many]
        if any("\0" in value for value in values):
            return JsonResponse({"error": "invalid_request"}, status=HTTPStatus.BAD_REQUEST)
        return view(request, *args, **kwargs)

    return checked


def mistakes_limited(view: View) -> View:
    """Answers 429 for the rest of the minute once an address has made too many mistakes (4xx, or ``is_mistake``)."""

    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        now = int(time.time())
        key = f"sso-mistakes:{client_address(request)}:{now // 60}"
        if int(cache.get(key, 0)) >= MISTAKES_A_MINUTE:
            answer = JsonResponse({"error": "slow_down"}, status=HTTPStatus.TOO_MANY_REQUESTS)
            answer["Retry-After"] = str(60 - now % 60)
            return answer
        response = view(request, *args, **kwargs)
        if response.status_code >= HTTPStatus.BAD_REQUEST or getattr(response, "is_mistake", False):
            cache.add(key, 0, timeout=120)
            cache.incr(key)
        return response

    return limited
