"""Mail applications of the demonstration: one that waits for a decision, one asleep, and what people usually have."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from ecritoire.accounts.models import Account, AppFamily, AppPassword
from ecritoire.accounts.services import app_password_create
from ecritoire.accounts.services.applications import application_request

ASLEEP_DAYS, MADE_DAYS = 120, 300


def applications_make(*, accounts: dict[str, Account], asker: str, sleeper: str) -> None:
    """``asker`` waits for Outlook; ``sleeper`` has a tablet that nobody opens any more."""
    application_request(
        account=accounts[asker],
        name="Outlook au CDI",
        family=AppFamily.OUTLOOK,
        protocols=["imap", "smtp"],
        reason="Le logiciel de prêt du CDI envoie ses rappels par Outlook.",
    )
    row, _ = app_password_create(
        account=accounts[sleeper], name="Ancienne tablette", family=AppFamily.ANDROID, protocols=["imap", "smtp"]
    )
    now = timezone.now()
    AppPassword.objects.filter(pk=row.pk).update(
        created_at=now - dt.timedelta(days=MADE_DAYS),
        last_used_at=now - dt.timedelta(days=ASLEEP_DAYS),
        last_used_protocol="imap",
        last_used_address="192.0.2.44",
    )
