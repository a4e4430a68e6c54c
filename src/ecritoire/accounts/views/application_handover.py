"""The link a telephone follows from the QR code: no session there, so the link itself is the key, once."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ecritoire.accounts import mobileconfig
from ecritoire.accounts.services.handover import handover_take, handover_waits

from .applications import profile_answer


@never_cache
@require_http_methods(["GET", "POST"])
def handover(request: HttpRequest) -> HttpResponse:
    """Looking uses nothing up (cameras and message previews look); the button does."""
    token = (request.POST if request.method == "POST" else request.GET).get("jeton", "")
    if request.method == "POST":
        taken = handover_take(token)
        if taken:
            return profile_answer(mobileconfig.profile(app_password=taken[0], secret=taken[1]))
    waits = request.method == "GET" and handover_waits(token)
    status = HTTPStatus.OK if waits else HTTPStatus.GONE
    return render(request, "accounts/applications/handover.html", {"token": token, "waits": waits}, status=status)
