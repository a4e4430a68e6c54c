"""What a view may know of the person at the other end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from ecritoire.accounts.models import Account
    from ecritoire.directory.models import Organisation


class AccountRequest(HttpRequest):
    """A request behind ``login_required``."""

    user: Account
    organisation: Organisation


def client_address(request: HttpRequest) -> str:
    """The browser's address, as nginx saw it: it overwrites X-Real-IP, so a client cannot forge it."""
    return str(request.META.get("HTTP_X_REAL_IP") or request.META.get("REMOTE_ADDR") or "")
