"""Reads of archives."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from ecritoire.mailstore.models import Export

if TYPE_CHECKING:
    from ecritoire.accounts.models import Account

Purpose = Export.Purpose


def own_exports(account: Account) -> QuerySet[Export]:
    """Those the person asked for themselves."""
    return account.exports.filter(purpose=Purpose.OWN)


def recent_export(account: Account) -> Export | None:
    """The newest of the last days that the person should know of: asked for by them, or by somebody in their name."""
    since = timezone.now() - dt.timedelta(days=settings.CONFIG.exports.keep_days)
    return account.exports.filter(
        created_at__gt=since, purpose__in=(Purpose.OWN, Purpose.RIGHT), state__in=Export.LIVE
    ).first()


def made_for_others(viewer: Account) -> QuerySet[Export]:
    """Those the DSI asked for, in the viewer's académie."""
    rows = Export.objects.exclude(purpose=Purpose.OWN).select_related("account__person", "requested_by__person")
    return rows.filter(account__person__organisation=viewer.person.organisation_id)


def waiting_exports(*, now: dt.datetime) -> QuerySet[Export]:
    """Those whose turn comes, the oldest first."""
    rows = Export.objects.filter(state=Export.State.WAITING).exclude(not_before__gt=now)
    return rows.order_by("pk")


def under_way(*, before: dt.datetime) -> QuerySet[Export]:
    """Not finished although asked for before then."""
    return Export.objects.filter(state__in=Export.UNDER_WAY, created_at__lt=before).select_related("account")


def silent_exports(*, since: dt.datetime) -> QuerySet[Export]:
    """Said to be in the making, without a sign of life since then."""
    return Export.objects.filter(state=Export.State.RUNNING).exclude(beat_at__gt=since)
