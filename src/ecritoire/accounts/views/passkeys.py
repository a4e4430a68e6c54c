"""What a page and passkey.js exchange: the page posts for options, the browser asks the key, the form carries its answer."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest, JsonResponse

CEREMONY = "passkey"
SECONDS = 5 * 60


def ceremony_begin(request: HttpRequest, purpose: str, options: dict[str, Any], state: dict[str, Any]) -> JsonResponse:
    """Keep the challenge for one answer, of one purpose, for five minutes."""
    request.session[CEREMONY] = {"purpose": purpose, "state": state, "at": time.time()}
    return JsonResponse(options, headers={"Cache-Control": "no-store"})


def ceremony_end(request: HttpRequest, purpose: str) -> dict[str, Any] | None:
    """The state to check an answer with; a second answer finds none."""
    kept = request.session.pop(CEREMONY, None)
    if not kept or kept["purpose"] != purpose or time.time() - kept["at"] > SECONDS:
        return None
    state: dict[str, Any] = kept["state"]
    return state
