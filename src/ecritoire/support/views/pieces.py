"""Files of requests, sent by nginx to whoever may read the message they came with."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from ecritoire.common.requests import AccountRequest
from ecritoire.support.attachments import attachment_visible_to


@login_required
@require_safe
def piece(request: AccountRequest, key: uuid.UUID) -> HttpResponse:
    """Saved, never opened by the browser; pictures are shown."""
    row = attachment_visible_to(request.user, key)
    if row is None:
        raise Http404
    response = HttpResponse(content_type=row.media_type)
    response["Content-Disposition"] = content_disposition_header(not row.is_picture, row.name) or "attachment"
    response["X-Accel-Redirect"] = f"/interne/pieces/{row.path}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
