"""Shared mailboxes, as the store must have them and as it has them."""

from __future__ import annotations

import datetime as dt
import imaplib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from ecritoire.accounts.lifecycle import OPEN
from ecritoire.accounts.models import Account
from ecritoire.directory.models import Access, FunctionalMailbox, FunctionalMember

from .services import store_connect_as

ALL = "lrswipkxten"
RIGHTS = {Access.OWNER: ALL, Access.DELEGATE: ALL, Access.ASSISTANT: "lrswiten", Access.READER: "lr"}
"""RFC 4314. Readers lack ``s``: what they open stays unread for the team. Nobody has ``a``: who comes in is decided here."""

STATUS = re.compile(rb"MESSAGES (\d+) UNSEEN (\d+)")
QUOTA = re.compile(rb"STORAGE (\d+) (\d+)")


def wanted_rights(mailbox: FunctionalMailbox) -> dict[str, str]:
    """Store id -> rights, of today's members whose account is open; nobody's once it is closed."""
    if not mailbox.is_open:
        return {}
    inside = dict(mailbox.members.filter(left_on__isnull=True).values_list("person_id", "access"))
    accounts = Account.objects.filter(person__in=inside, state__in=OPEN)
    return {account.store_id: RIGHTS[Access(inside[account.person_id])] for account in accounts}


def to_follow(mailbox_ids: Sequence[int]) -> list[int]:
    """Those of ``mailbox_ids`` that the store has, or must have now: somebody in them may sign in. One query."""
    inside = FunctionalMember.objects.filter(
        mailbox=OuterRef("pk"), left_on__isnull=True, person__account__state__in=OPEN
    )
    rows = FunctionalMailbox.objects.filter(pk__in=mailbox_ids)
    due = rows.filter(made_at__isnull=False) | rows.filter(Exists(inside))
    return list(due.order_by("pk").values_list("pk", flat=True))


def shared_with(person_id: int) -> list[int]:
    rows = FunctionalMember.objects.filter(person=person_id, left_on__isnull=True).order_by("mailbox")
    return list(rows.values_list("mailbox", flat=True))


def empty_on(mailbox: FunctionalMailbox) -> dt.date | None:
    """From which day on its mail is erased; None while it is open or without an end."""
    if mailbox.is_open or mailbox.closes_on is None:
        return None
    return mailbox.closes_on + dt.timedelta(days=settings.CONFIG.lifecycle.functional_days)


def empty_due(*, today: dt.date) -> QuerySet[FunctionalMailbox]:
    """Closed for so long that their mail is to be erased."""
    last = today - dt.timedelta(days=settings.CONFIG.lifecycle.functional_days)
    closed = FunctionalMailbox.objects.filter(state=FunctionalMailbox.State.CLOSED, closes_on__lte=last)
    return closed.filter(made_at__isnull=False).order_by("pk")


def made_ids() -> list[int]:
    rows = FunctionalMailbox.objects.filter(made_at__isnull=False).order_by("pk")
    return list(rows.values_list("pk", flat=True))


@dataclass(frozen=True)
class Activity:
    """What the inbox holds, and what the whole mailbox weighs, in bytes."""

    messages: int
    unread: int
    size: int
    quota: int


def activity_of(mailbox: FunctionalMailbox) -> Activity | None:
    """Counts alone, no message; None while the store is away. Asked for as the mailbox itself: whoever administrates it is
    no member and must not become one to see that mail waits."""
    try:
        with store_connect_as(mailbox.store_id) as connection:
            status = STATUS.search(b"".join(connection.status("INBOX", "(MESSAGES UNSEEN)")[1]))
            roots = connection.getquotaroot("INBOX")[1][1]
    except (OSError, imaplib.IMAP4.error):
        return None
    quota = QUOTA.search(b"".join(row for row in roots if isinstance(row, bytes)))
    messages, unread = (int(number) for number in status.groups()) if status else (0, 0)
    size, limit = (int(number) * 1024 for number in quota.groups()) if quota else (0, 0)
    return Activity(messages, unread, size, limit)
