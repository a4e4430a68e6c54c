"""The help desk's lines of the demonstration, and who is on call."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.support.alerts import on_call_add
from ecritoire.support.desk_settings import calendar_save, queue_save
from ecritoire.support.models import DeskSettings, Queue

LINES = (
    ("Assistance, niveau 2", "", ("V0003",)),
    ("Interlocuteurs de mathématiques", "Mathématiques", ("V0004",)),
    ("Usages du numérique en classe", "Numérique éducatif", ("V0004",)),
)
SHIFT = dt.timedelta(days=30)


def lines_make(accounts: dict[str, Account]) -> None:
    """``accounts`` by employee number."""
    admin, nadia = accounts["V0001"], accounts["V0003"]
    organisation = admin.person.organisation
    for name, discipline, numbers in LINES:
        queue_save(
            queue=Queue(organisation=organisation),
            name=name,
            discipline=discipline,
            address="",
            members=[accounts[number] for number in numbers],
            acting_user=admin,
        )
    calendar_save(
        organisation=organisation,
        zone=DeskSettings.Zone.B,
        holidays=DeskSettings.Holidays.USUAL,
        hours=None,
        periods=[],
        acting_user=admin,
    )
    now = timezone.now()
    for rank, account in enumerate((nadia, admin), 1):
        on_call_add(
            account=account,
            starts_at=now,
            ends_at=now + SHIFT,
            rank=rank,
            phone=f"06 00 00 00 0{rank}",
            address="",
            acting_user=admin,
        )
