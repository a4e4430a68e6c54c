"""The differences that feeds made, person by person, are not kept for ever."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from ecritoire.directory.models import FeedChange, FeedRun

VAIN = (FeedRun.State.REFUSED, FeedRun.State.ABANDONED)
VAIN_DAYS = 30


def differences_purge() -> int:
    """Forget those of runs without effect after a month, the others by ``lifecycle.differences_days``; the runs and their
    counts stay. Returns how many rows went."""
    now = timezone.now()
    old = now - dt.timedelta(days=settings.CONFIG.lifecycle.differences_days)
    over = Q(run__created_at__lt=old) | Q(run__created_at__lt=now - dt.timedelta(days=VAIN_DAYS), run__state__in=VAIN)
    return FeedChange.objects.filter(over).delete()[0]
