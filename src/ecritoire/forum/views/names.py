"""While « @ » and a name are typed: who of those that take part may be meant."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from ecritoire.accounts.services.limits import MINUTE, count
from ecritoire.common.requests import AccountRequest
from ecritoire.forum.mentions import names_like
from ecritoire.forum.models import Section
from ecritoire.forum.selectors import CONDUCT_VERSION, member_of, sections_for

SHORTEST = 2
A_MINUTE = 60


@login_required
@require_GET
def names(request: AccountRequest) -> JsonResponse:
    """A name and what to write after « @ »; of people who may read the section, for somebody who may write there."""
    member = member_of(request.user)
    if member.conduct_version < CONDUCT_VERSION or member.is_suspended:
        return JsonResponse({"people": []}, status=HTTPStatus.FORBIDDEN)
    if count(f"forum:names:{request.user.pk}", MINUTE) > A_MINUTE:
        return JsonResponse({"people": []}, status=HTTPStatus.TOO_MANY_REQUESTS)
    key = request.GET.get("section", "")
    section: Section | None = None
    if key.isdecimal() and len(key) < 10:  # noqa: PLR2004 - digits of a key
        section = get_object_or_404(sections_for(request.user), pk=int(key))
    typed = request.GET.get("q", "").replace("\0", "").strip()[:60]
    people = names_like(request.user, typed, section) if len(typed) >= SHORTEST else []
    found = [{"name": account.display_name, "call": account.login.partition("@")[0]} for account in people]
    return JsonResponse({"people": found})
