"""What the dashboard of ends says of somebody's archive: whether they took their mail with them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.mailstore.models import Export


def exports_made(accounts: Sequence[Account]) -> dict[int, str]:
    """The last archive of each, in a few words. One query."""
    rows = Export.objects.filter(account__in=accounts, purpose=Export.Purpose.OWN)
    latest = rows.exclude(state=Export.State.CANCELLED).order_by("account", "-pk").distinct("account")
    return {row.account_id: _words(row) for row in latest}


def _words(row: Export) -> str:
    return f"{row.get_state_display()}, {timezone.localtime(row.created_at):%d/%m/%Y}"
