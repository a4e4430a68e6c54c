"""Critical requests: the people on call are told one after the other, then everybody, until one says « je m'en occupe »."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.accounts.selectors.holders import accounts_with
from ecritoire.common.roles import Role
from ecritoire.common.services import audit_record

from . import tasks
from .models import CriticalAlert, OnCall, Ticket, TicketEvent
from .services.steps import Changes, audit, give, step
from .signals import critical_raised

PATIENCE = dt.timedelta(minutes=10)


def alert_raise(ticket: Ticket) -> CriticalAlert:
    """Once a request; the first on the list is told at once, everybody when nobody is on call."""
    alert, made = CriticalAlert.objects.get_or_create(ticket=ticket)
    if made:
        _tell_next(alert)
    return alert


def alerts_watch() -> int:
    """Each minute: what nobody has taken goes to the next; what is over stops."""
    told = 0
    with transaction.atomic():
        waiting = CriticalAlert.objects.select_for_update(of=("self",), skip_locked=True)
        waiting = waiting.filter(acknowledged_at=None, next_at__lte=timezone.now()).select_related("ticket")
        for alert in waiting:
            if alert.ticket.is_open and alert.ticket.assignee_id is None:
                _tell_next(alert)
                told += 1
            else:
                _wait(alert, None)
    return told


def alert_acknowledge(*, alert: CriticalAlert, acting_user: Account) -> bool:
    """« Je m'en occupe »: nobody else is told, and the request is theirs. False when somebody did before."""
    with transaction.atomic():
        row = (
            CriticalAlert.objects.select_for_update(of=("self",))
            .select_related("ticket__assignee__person")
            .get(pk=alert.pk)
        )
        if row.acknowledged_at:
            return False
        row.acknowledged_by, row.acknowledged_at, row.next_at = acting_user, timezone.now(), None
        row.save(update_fields=["acknowledged_by", "acknowledged_at", "next_at", "updated_at"])
        ticket = row.ticket
        before = ticket.assignee.display_name if ticket.assignee else ""
        detail: Changes = {"assignee": [before, acting_user.display_name]}
        step(ticket, TicketEvent.Kind.ACKNOWLEDGED, acting_user, detail | give(ticket, acting_user))
        audit(ticket, acting_user, "alert.acknowledge")
    return True


def _tell_next(alert: CriticalAlert) -> None:
    now = timezone.now()
    told = set(alert.told.values_list("pk", flat=True))
    rows = OnCall.objects.filter(organisation=alert.ticket.organisation_id, starts_at__lte=now, ends_at__gt=now)
    left = [row for row in rows.select_related("account") if row.account_id not in told]
    people = [left[0].account] if left else _everybody(alert.ticket.organisation_id)
    alert.told.add(*people)
    _wait(alert, now + PATIENCE if left else None)
    tasks.send_alert.defer(alert_id=alert.pk, accounts=[account.pk for account in people])
    critical_raised.send(sender=Ticket, ticket=alert.ticket, accounts=people)


def _wait(alert: CriticalAlert, until: dt.datetime | None) -> None:
    alert.next_at = until
    alert.save(update_fields=["next_at", "updated_at"])


def _everybody(organisation_id: int) -> list[Account]:
    return list(accounts_with(Role.SUPPORT, Role.ADMINISTRATOR, organisation=organisation_id))


def addresses_of(account: Account, organisation_id: int) -> list[str]:
    """The mailbox, and those outside the académie: its own mail may be what is down."""
    rows = OnCall.objects.filter(organisation=organisation_id, account=account, ends_at__gt=timezone.now())
    outside = rows.exclude(address="").values_list("address", flat=True)
    return list(dict.fromkeys([account.login, *filter(None, [account.verified_address]), *outside]))


def on_call_add(
    *,
    account: Account,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    rank: int,
    phone: str,
    address: str,
    acting_user: Account,
) -> OnCall:
    with transaction.atomic():
        row = OnCall.objects.create(
            organisation_id=acting_user.organisation_id,
            account=account,
            starts_at=starts_at,
            ends_at=ends_at,
            rank=rank,
            phone=phone,
            address=address,
        )
        _record(row, acting_user, "on_call.add")
    return row


def on_call_remove(*, row: OnCall, acting_user: Account) -> None:
    with transaction.atomic():
        _record(row, acting_user, "on_call.remove")
        row.delete()


def _record(row: OnCall, acting_user: Account, action: str) -> None:
    audit_record(
        acting_user=acting_user,
        action=action,
        target=row.account.login,
        within=row.organisation.mail_domain,
        starts_at=row.starts_at.isoformat(),
        ends_at=row.ends_at.isoformat(),
    )
