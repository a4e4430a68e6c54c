"""The file itself: Django says who may have it, nginx sends it, in ranges to whoever resumes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ecritoire.accounts.models import Account
from ecritoire.mailstore.models import Export

from .services import download_note
from .workshop import ARCHIVE


def archive_response(request: HttpRequest, export: Export, *, acting_user: Account | None) -> HttpResponse:
    """A continuation (a range that does not start at the first byte) is not another download."""
    asked = request.headers.get("Range", "")
    if request.method == "GET":
        download_note(export=export, acting_user=acting_user, resumed=bool(asked) and not asked.startswith("bytes=0-"))
    response = HttpResponse(content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{export.file_name}"'
    response["X-Accel-Redirect"] = f"/interne/exports/{export.key}/{ARCHIVE}"
    response["Cache-Control"] = "private, no-store"
    return response
