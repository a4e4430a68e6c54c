"""Reminders before a password must be renewed: each is sent once, on the day or as soon as the service is back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ecritoire.accounts.lifecycle import OPEN
from ecritoire.accounts.models import Account, PasswordReminder
from ecritoire.accounts.policies import policy_by_population
from ecritoire.accounts.renewal import REMINDERS, days_left, due_on
from ecritoire.directory.organisations import organisations


def reminders_send() -> int:
    """Send today's reminders; returns how many. Reads the accounts near their date, a thousand at a time."""
    policies = {pk: policy_by_population(pk) for pk in organisations()}
    days = [policy.renewal_days for own in policies.values() for policy in own.values() if policy.renewal_days]
    if not days:
        return 0
    before = timezone.now() - dt.timedelta(days=min(days) - max(REMINDERS) - 1)
    near = Account.objects.filter(Q(password_changed_at=None) | Q(password_changed_at__lt=before))
    near = near.filter(state__in=OPEN).select_related("person").prefetch_related("role_grants")
    sent = 0
    for account in near.iterator(chunk_size=1000):
        due = due_on(account, policies.get(account.organisation_id))
        sent += due is not None and _remind(account, due)
    return sent


def _remind(account: Account, due: dt.date) -> bool:
    from ecritoire.accounts.tasks import send_renewal_reminder

    left = days_left(due)
    threshold = next((days for days in REMINDERS if 0 <= left <= days), None)
    if threshold is None:
        return False
    with transaction.atomic():
        _, made = PasswordReminder.objects.get_or_create(account=account, due_on=due, days=threshold)
        if made:
            send_renewal_reminder.defer(account_id=account.pk, due=due.isoformat())
    return made
