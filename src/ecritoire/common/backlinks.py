"""What rooms above have to say of a row shown by a room below: where it comes from."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

from .models import BaseModel

Backlink = Callable[[HttpRequest, BaseModel], SafeString | None]
_backlinks: dict[str, list[Backlink]] = {}


def register_backlink(label: str, backlink: Backlink) -> None:
    """``label`` is the model's (``support.Ticket``). Called from a room's ``AppConfig.ready``."""
    _backlinks.setdefault(label, []).append(backlink)


def backlinks_for(request: HttpRequest, row: BaseModel) -> list[SafeString]:
    """Those this reader may follow."""
    found = (backlink(request, row) for backlink in _backlinks.get(row._meta.label, []))
    return [text for text in found if text is not None]
