"""Doubtful matches, decided by people."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.feed.report import FeedReport
from ecritoire.directory.models import DoubtfulMatch, Person

from .retelling import record_give

Decision = DoubtfulMatch.Decision


class DoubtDecided(Exception):
    """Somebody, or a later feed, was quicker."""


def doubt_decide(*, doubt: DoubtfulMatch, person: Person | None, acting_user: Actor) -> FeedReport:
    """``person`` is who the record is about, or None: somebody else. What the record says is applied at once.

    Raises DoubtDecided, SourceBusy; ValueError for a person who is no candidate.
    """
    with transaction.atomic():
        fresh = DoubtfulMatch.objects.select_for_update(of=("self",)).select_related("record__source").get(pk=doubt.pk)
        if fresh.decision != Decision.PENDING:
            raise DoubtDecided
        if person is not None and not fresh.candidates.filter(pk=person.pk).exists():
            raise ValueError(f"{person.pk} is no candidate")
        fresh.decision = Decision.OTHER if person is None else Decision.SAME
        fresh.chosen, fresh.acting_login, fresh.decided_at = person, acting_user.login, timezone.now()
        fresh.save()
        report = record_give(record=fresh.record, person=person, acting_user=acting_user)
        detail = {"decision": fresh.decision, "person": person.employee_number if person else ""}
        audit_record(acting_user=acting_user, action="feed.match", target=str(fresh.record)[:254], **detail)
    return report
