"""Reads for the console: the académie's own clients, and what each has said."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from ecritoire.accounts.models import ApiClient
from ecritoire.directory.models import DoubtfulMatch, FeedRun, Organisation

RUNS = 20


def clients_of(organisation: Organisation) -> QuerySet[ApiClient]:
    """With how many people each speaks of; those withdrawn last."""
    spoken_of = Count("source__records", filter=Q(source__records__gone_on__isnull=True))
    return ApiClient.objects.filter(organisation=organisation).annotate(people=spoken_of).order_by("revoked_at", "name")


def runs_of(client: ApiClient) -> list[FeedRun]:
    return list(FeedRun.objects.filter(source=client.source_id).defer("faults").order_by("-pk")[:RUNS])


def doubts_of(client: ApiClient) -> int:
    pending = DoubtfulMatch.objects.filter(decision=DoubtfulMatch.Decision.PENDING)
    return pending.filter(record__source=client.source_id).count()
