"""Mail applications nobody uses any more: flagged, their owner told, then revoked."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ecritoire.accounts.models import AppPassword

from .app_passwords import app_password_revoke
from .probe import EMPLOYEE_NUMBER

GRACE = dt.timedelta(days=14)


def dormant() -> QuerySet[AppPassword]:
    """Not used for 90 days, or never since it was made 30 days ago (settings). The self-check's own never sleeps."""
    limits = settings.CONFIG.accounts
    return _idle(limits.application_dormant_days, limits.application_unused_days)


def _idle(used_days: int, unused_days: int) -> QuerySet[AppPassword]:
    now = timezone.now()
    used = Q(last_used_at__lt=now - dt.timedelta(days=used_days))
    unused = Q(last_used_at__isnull=True, created_at__lt=now - dt.timedelta(days=unused_days))
    active = AppPassword.objects.filter(revoked_at__isnull=True).exclude(
        account__person__employee_number=EMPLOYEE_NUMBER
    )
    return active.filter(used | unused)


def applications_review() -> tuple[int, int]:
    """Tell the owners of those newly asleep, revoke those asleep for too long; how many of each.

    Nothing is revoked within two weeks of telling, even when the job did not run for a year.
    """
    return _tell_owners(), _revoke()


def _tell_owners() -> int:
    from ecritoire.accounts.tasks.applications import send_dormant

    with transaction.atomic():
        rows = list(dormant().filter(dormant_told_at__isnull=True).values_list("pk", "account_id"))
        AppPassword.objects.filter(pk__in=[pk for pk, _ in rows]).update(dormant_told_at=timezone.now())
        for account_id in sorted({account for _, account in rows}):
            send_dormant.defer(account_id=account_id)
    return len(rows)


def _revoke() -> int:
    limits = settings.CONFIG.accounts
    idle = _idle(limits.application_revoke_days, limits.application_unused_revoke_days)
    rows = list(idle.filter(dormant_told_at__lt=timezone.now() - GRACE).select_related("account"))
    for row in rows:
        app_password_revoke(app_password=row, acting_user=None, reason="dormant")
    return len(rows)
