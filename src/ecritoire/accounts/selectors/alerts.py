"""Reads about sign-ins and alerts."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone

from ecritoire.accounts.models import (
    Account,
    AlertLink,
    Intrusion,
    RecoveryChange,
    SignInAlert,
    SignInEvent,
    SprayEpisode,
)

Channel = AlertLink.Channel
RECENT = dt.timedelta(days=30)
UNDER_WAY = dt.timedelta(hours=1)


def sign_ins_filtered(*, account: Account, protocol: str = "", result: str = "") -> QuerySet[SignInEvent]:
    """``result`` is a value of Result, or « failed » for all that is not a success."""
    rows = account.sign_ins.all()
    if protocol:
        rows = rows.filter(protocol=protocol)
    if result == "failed":
        return rows.exclude(result=SignInEvent.Result.SUCCESS)
    return rows.filter(result=result) if result else rows


def alert_list(*, account: Account) -> QuerySet[SignInAlert]:
    return account.alerts.all()


def alert_list_all(*, organisation: int, kind: str = "", state: str = "") -> QuerySet[SignInAlert]:
    rows = SignInAlert.objects.filter(account__person__organisation=organisation).select_related("account__person")
    rows = rows.filter(kind=kind) if kind else rows
    return rows.filter(state=state) if state else rows


def sprays_recent(*, domain: str) -> list[SprayEpisode]:
    """Those of the last month that aimed at one académie, newest first, with its share of the figures and of those who got
    in; ``under_way`` says whether one goes on."""
    now = timezone.now()
    rows = list(SprayEpisode.objects.filter(last_at__gt=now - RECENT, by_domain__has_key=domain)[:50])
    for row in rows:
        row.under_way = row.last_at > now - UNDER_WAY  # type: ignore[attr-defined]
        row.tries, row.logins = row.by_domain[domain]
        row.succeeded = [login for login in row.succeeded if login.endswith(f"@{domain}")]
    return rows


def recovery_changes(*, account: Account, since: dt.datetime) -> QuerySet[RecoveryChange]:
    """Not yet undone, newest first."""
    return account.recovery_changes.filter(created_at__gte=since, restored_at__isnull=True)


def trusted_address(*, account: Account, since: dt.datetime) -> str:
    """The alternate address as it was before any change since ``since``: a thief may have put their own."""
    change = recovery_changes(account=account, since=since).filter(kind=RecoveryChange.Kind.ADDRESS).last()
    if change and change.former_address:
        return change.former_address
    return account.verified_address


def alert_addresses(alert: SignInAlert) -> list[tuple[Channel, str]]:
    """The mailbox and the alternate address; and the one that was in force before a recent change."""
    account = alert.account
    former = trusted_address(account=account, since=alert.first_at - RECENT)
    alternates = [address for address in dict.fromkeys((former, account.verified_address)) if address]
    return [(Channel.MAILBOX, account.login), *((Channel.ALTERNATE, address) for address in alternates)]


def intrusion_by_id(pk: int) -> Intrusion | None:
    rows = Intrusion.objects.select_related("account__person", "account__recovery_address", "alert")
    return rows.filter(pk=pk).first()
