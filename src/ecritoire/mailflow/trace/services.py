"""Looking at somebody's mail traffic is written down each time: who, whose, why. Old traces go."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.common.services import audit_record
from ecritoire.mailflow.models import MailInTransit, MailLogBookmark, MailTrace

from .query import TraceQuery

IN_TRANSIT_DAYS = 15
"""Longer than Postfix keeps a message it cannot deliver; what never left by then is the log of something else."""
AT_ONCE = 20_000


def trace_search(*, query: TraceQuery, acting_user: Account) -> None:
    """Record that ``acting_user`` looks. What they then see is ``selectors.traces_found``, of the same query."""
    asked = {name: value for name, value in query.criteria().items() if value}
    audit_record(
        acting_user=acting_user,
        action="trace.search",
        target=query.address or query.other or query.message_id[:254],
        within=acting_user.person.organisation.mail_domain,
        **asked,
    )


def traces_purge() -> int:
    """A part at a time, so that no transaction is long."""
    before, gone = timezone.now() - dt.timedelta(days=settings.TRACE_DAYS), 0
    while rows := list(MailTrace.objects.filter(last_at__lt=before).values_list("pk", flat=True)[:AT_ONCE]):
        gone += MailTrace.objects.filter(pk__in=rows).delete()[0]
    with transaction.atomic():
        stale = timezone.now() - dt.timedelta(days=IN_TRANSIT_DAYS)
        MailInTransit.objects.filter(at__lt=stale).delete()
        MailLogBookmark.objects.filter(updated_at__lt=before).delete()
    return gone
