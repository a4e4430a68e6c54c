"""The end of an outside contributor's access: reminders, an early end, a sponsor who goes."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.lifecycle import CLOSED, OPEN, Event
from ecritoire.accounts.models import (
    Account,
    AccountTransition,
    ContributorReminder,
    ContributorRequest,
    ContributorStep,
)
from ecritoire.accounts.selectors.contributors import may_sponsor, policy_of, present
from ecritoire.common.services import audit_record
from ecritoire.directory.services import contributor_disengage

from .contributors import ContributorRefused, locked, step
from .lifecycle import account_move

State, Kind = ContributorRequest.State, ContributorStep.Kind
REMINDERS = (30, 7, 1)
"""Days before the last one on which sponsor and contributor are told."""


def contributor_end(*, row: ContributorRequest, at_once: bool, reason: str, acting_user: Account | None) -> None:
    """End an access before its day. ``at_once`` closes the account on every protocol now, unless something else gives a right
    to it; otherwise today is the last day, and the usual delay runs. Raises ContributorRefused."""
    from ecritoire.accounts.tasks.contributors import send_ended

    with transaction.atomic():
        fresh = locked(row)
        if not fresh.is_present or fresh.person is None:
            raise ContributorRefused(_("Cet accès est déjà terminé."))
        last_day = timezone.localdate() - dt.timedelta(days=1 if at_once else 0)
        remains = contributor_disengage(person=fresh.person, number=fresh.number, last_day=last_day)
        fresh.until, fresh.ended_at = last_day, timezone.now()
        fresh.save(update_fields=["until", "ended_at"])
        step(fresh, Kind.ENDED, acting_user, reason)
        account = Account.objects.select_related("person").get(person=fresh.person)
        audit_record(
            acting_user=acting_user,
            action="contributor.end",
            target=account.login,
            request=fresh.pk,
            at_once=at_once,
            reason=reason,
        )
        if at_once and not remains and account.state not in CLOSED:
            why = AccountTransition.Reason.DECISION
            account_move(account=account, event=Event.DEACTIVATE, reason=why, words=reason, acting_user=acting_user)
        send_ended.defer(request_id=fresh.pk)


def contributor_hand_over(*, row: ContributorRequest, to: Account, acting_user: Account) -> None:
    """Another agent answers for the contributor from now on. Raises ContributorRefused."""
    from ecritoire.accounts.tasks.contributors import send_new_sponsor

    with transaction.atomic():
        fresh = locked(row)
        if to.person.organisation_id != fresh.organisation_id or to.state not in OPEN or not may_sponsor(to):
            raise ContributorRefused(_("Il faut un agent de l'académie, au compte actif et à l'affectation en cours."))
        if to.person_id == fresh.person_id:
            raise ContributorRefused(_("Personne n'est responsable de son propre accès."))
        fresh.sponsor, fresh.sponsor_lost_on = to, None
        fresh.save(update_fields=["sponsor", "sponsor_lost_on"])
        step(fresh, Kind.SPONSOR, acting_user, str(to.person))
        audit_record(acting_user=acting_user, action="contributor.sponsor", target=to.login, request=fresh.pk)
        send_new_sponsor.defer(request_id=fresh.pk)


def contributors_review(*, today: dt.date | None = None) -> dict[str, int]:
    """Daily: reminders, sponsors who left, contributors left alone for too long. A second run does nothing more."""
    day = today or timezone.localdate()
    return {"reminded": _remind(day), "lost": _sponsors_lost(day), "ended": _orphans_end(day)}


def _remind(today: dt.date) -> int:
    """Once for the nearest date that is due: whoever was let in for a week gets no reminder of the month."""
    from ecritoire.accounts.tasks.contributors import send_reminder

    told = 0
    soon = present(ContributorRequest.objects.filter(until__lte=today + dt.timedelta(days=max(REMINDERS))))
    for row in soon.prefetch_related("reminders"):
        left = (row.until - today).days if row.until else 0
        due = min(days for days in REMINDERS if left <= days)
        if min((reminder.days for reminder in row.reminders.all()), default=max(REMINDERS) + 1) <= due:
            continue
        with transaction.atomic():
            ContributorReminder.objects.create(request=row, days=due)
            step(row, Kind.REMINDER, None)
            send_reminder.defer(request_id=row.pk)
        told += 1
    return told


def _sponsors_lost(today: dt.date) -> int:
    """Note since when a sponsor is gone, and forget it when they are back. The DSI is told by the daily message."""
    gone = ~Q(sponsor__state__in=OPEN) | Q(sponsor__person__right_until__lt=today)
    gone |= Q(sponsor__person__right_from__isnull=True) | Q(sponsor__person__deceased_on__isnull=False)
    rows = present(ContributorRequest.objects.all())
    rows.filter(sponsor_lost_on__isnull=False).exclude(gone).update(sponsor_lost_on=None)
    lost = list(rows.filter(gone, sponsor_lost_on__isnull=True))
    for row in lost:
        with transaction.atomic():
            ContributorRequest.objects.filter(pk=row.pk).update(sponsor_lost_on=today)
            step(row, Kind.SPONSOR_LOST, None)
    return len(lost)


def _orphans_end(today: dt.date) -> int:
    ended = 0
    for row in present(ContributorRequest.objects.filter(sponsor_lost_on__isnull=False)):
        grace = dt.timedelta(days=policy_of(row.organisation_id).orphan_days)
        if row.sponsor_lost_on and row.sponsor_lost_on + grace < today:
            reason = _("Plus d'agent responsable depuis le %(day)s.") % {"day": f"{row.sponsor_lost_on:%d/%m/%Y}"}
            contributor_end(row=row, at_once=False, reason=reason, acting_user=None)
            ended += 1
    return ended
