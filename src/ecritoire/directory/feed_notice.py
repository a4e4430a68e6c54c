"""What administrators are told on their home page of the feeds: a run that waits, a doubt, a source gone quiet."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from ecritoire.common.roles import Action

from .feed_selectors import doubts_waiting, is_quiet, run_list
from .models import FeedRun, FeedSource


def feed_notice(request: HttpRequest) -> SafeString | None:
    user = request.user
    if not user.is_authenticated or not user.may(Action.FEED_IMPORT):
        return None
    organisation_id = user.person.organisation_id
    watched = FeedSource.objects.filter(organisation=organisation_id, is_watched=True, is_active=True)
    context = {
        "waiting": list(run_list(organisation_id=organisation_id).filter(state=FeedRun.State.WAITING)[:5]),
        "doubts": doubts_waiting(organisation_id=organisation_id),
        "quiet": [source for source in watched if is_quiet(source)],
    }
    return render_to_string("directory/_feed_notice.html", context, request) if any(context.values()) else None
