"""The académie's colours, as a stylesheet: the pages' policy allows no inline one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ecritoire.directory.colours import key_of, stylesheet

YEAR = 31_536_000


def colours(request: HttpRequest, key: str) -> HttpResponse:
    """Those of the académie whose pages these are; kept for good under the name that tells them from the ones before."""
    own = request.organisation  # type: ignore[attr-defined]
    current = key == key_of(own.accent, own.accent_dark)
    kept = f"private, max-age={YEAR}, immutable" if current else "no-store"
    text = stylesheet(own.accent, own.accent_dark)
    return HttpResponse(text, content_type="text/css; charset=utf-8", headers={"Cache-Control": kept})
