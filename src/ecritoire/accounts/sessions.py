"""Web sessions as rows that their owner can list and close."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse

from ecritoire.common.requests import client_address

if TYPE_CHECKING:
    from .models import AccountSession

TOUCH_SECONDS = 60
PUBLIC_IDLE_SECONDS = 15 * 60
PUBLIC_SECONDS = 2 * 3600


class SessionStore(DatabaseSessionStore):
    """Django's database sessions, with owner, address and device copied to columns."""

    @classmethod
    def get_model_class(cls) -> type[AccountSession]:
        from .models import AccountSession

        return AccountSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.account_id = int(data["_auth_user_id"]) if "_auth_user_id" in data else None
        row.address = data.get("address")
        row.user_agent = data.get("user_agent", "")
        row.started_at = dt.datetime.fromtimestamp(data.get("started", time.time()), dt.UTC)
        return row


class SessionMiddleware(DjangoSessionMiddleware):
    """Ends idle and over-long sessions; notes at most once a minute that one is in use; on a shared computer keeps nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        session, now = request.session, time.time()
        if "_auth_user_id" not in session:
            return
        seen = session.get("seen", now)
        if now > session.get("until", now) or now - seen > session.get("idle", settings.SESSION_IDLE_SECONDS):
            session.flush()
        elif now - seen > TOUCH_SECONDS:
            session["seen"] = now

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response = super().process_response(request, response)
        if request.session.get("public"):
            response["Cache-Control"] = "no-store"
        return response


def begin(request: HttpRequest, *, idle_seconds: int, public: bool = False) -> None:
    """Give a fresh session its limits and what its owner will recognise it by. ``public``: on a shared computer."""
    now = time.time()
    request.session.update(
        {
            "started": now,
            "seen": now,
            "idle": idle_seconds,
            "until": now + (PUBLIC_SECONDS if public else settings.SESSION_COOKIE_AGE),
            "public": public,
            "address": client_address(request) or None,
            "user_agent": request.headers.get("User-Agent", "")[:300],
        }
    )
