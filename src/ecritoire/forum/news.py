"""What pages of other rooms show of the forum: unread topics at home, the topic from which a request or a page of help was made."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from ecritoire.accounts.models import Account
from ecritoire.common.models import BaseModel

from .selectors import topics_for
from .selectors_following import notices_for

COUNTED = 100
"""More than that are « more than a hundred »: nobody reads the number then."""


def notice(request: HttpRequest) -> SafeString | None:
    """One query."""
    if not isinstance(request.user, Account):
        return None
    total = notices_for(request.user)[:COUNTED].count()
    return render_to_string("forum/_news.html", {"total": total, "many": total >= COUNTED}) if total else None


def ticket_backlink(request: HttpRequest, row: BaseModel) -> SafeString | None:
    return _backlink(request, ticket=row.pk)


def article_backlink(request: HttpRequest, row: BaseModel) -> SafeString | None:
    return _backlink(request, article=row.pk)


def _backlink(request: HttpRequest, **made: int) -> SafeString | None:
    """For who may read the topic only."""
    if not isinstance(request.user, Account):
        return None
    topic = topics_for(request.user).filter(**made).only("title").first()
    return render_to_string("forum/_backlink.html", {"topic": topic}) if topic else None
