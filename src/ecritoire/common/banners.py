"""What everybody must see on every page: an incident, a maintenance."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

Banner = Callable[[HttpRequest], SafeString]
_banners: list[Banner] = []


def register_banner(banner: Banner) -> None:
    """Called from a room's ``AppConfig.ready``."""
    _banners.append(banner)


def banners_for(request: HttpRequest) -> list[SafeString]:
    return [text for banner in _banners if (text := banner(request))]
