"""When a password must be renewed, by the policies of its owner's populations. Off by default (ANSSI, R24)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from .models import AccessPolicy, Account, Population
from .policies import policy_by_population, populations_of
from .services.probe import EMPLOYEE_NUMBER

REMINDERS = (1, 7, 15)
"""Days before the date, the last one first."""


def due_on(account: Account, policies: Mapping[Population, AccessPolicy] | None = None) -> dt.date | None:
    """The last day on which the password holds; None when it never has to be renewed. One query where nobody renews."""
    if account.must_change_password or account.person.employee_number == EMPLOYEE_NUMBER:
        return None
    policies = policies or policy_by_population(account.organisation_id)
    renewing = {name: policy for name, policy in policies.items() if policy.renewal_days}
    if not renewing:
        return None
    own = populations_of(account)
    return min((_due_on(account, policy) for name, policy in renewing.items() if name in own), default=None)


def _due_on(account: Account, policy: AccessPolicy) -> dt.date:
    """A policy just made stricter leaves the time of its reminders."""
    changed = timezone.localdate(account.password_changed_at or account.activated_at or account.created_at)
    due = changed + dt.timedelta(days=policy.renewal_days)
    return max(due, policy.renewal_set_on + dt.timedelta(days=max(REMINDERS))) if policy.renewal_set_on else due


def days_left(due: dt.date) -> int:
    """Negative from the day after."""
    return (due - timezone.localdate()).days
