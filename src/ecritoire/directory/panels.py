"""What the rooms above add to a person's page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

from .models import Person

Panel = Callable[[HttpRequest, Person], SafeString]
_panels: list[Panel] = []


def register_panel(panel: Panel) -> None:
    """Called from a room's ``AppConfig.ready``."""
    _panels.append(panel)


def panels_for(request: HttpRequest, person: Person) -> list[SafeString]:
    return [panel(request, person) for panel in _panels]
