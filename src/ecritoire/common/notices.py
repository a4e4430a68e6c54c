"""What the rooms want a person to know on the home page: a date that comes, something that runs out."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

Notice = Callable[[HttpRequest], SafeString | None]
_notices: list[Notice] = []


def register_notice(notice: Notice) -> None:
    """Called from a room's ``AppConfig.ready``."""
    _notices.append(notice)


def notices_for(request: HttpRequest) -> list[SafeString]:
    """Those that have something to say to whoever asks for the page."""
    return [text for notice in _notices if (text := notice(request)) is not None]
