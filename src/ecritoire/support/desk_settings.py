"""Writes of the desk's settings: lines, rules, targets, calendar. Each is forgotten by ``desk_of`` at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from django.db import transaction

from ecritoire.accounts.models import Account
from ecritoire.common.services import audit_record
from ecritoire.directory.models import Organisation

from . import tasks
from .clock import ticket_clock
from .desk import Days, Period, Rule, desk_forget
from .models import DeskSettings, Queue, RoutingRule, SchoolHoliday, ServiceTarget, Ticket
from .targets import Target


def queue_save(
    *, queue: Queue, name: str, discipline: str, address: str, members: Sequence[Account], acting_user: Account
) -> Queue:
    """A new line or a known one, with its members, whole."""
    with transaction.atomic():
        queue.name, queue.discipline, queue.address = name, discipline, address
        queue.save()
        queue.members.set(members)
        people = sorted(account.login for account in members)
        _changed(queue.organisation, acting_user, "desk.line", line=name, members=people)
    return queue


def queue_delete(*, queue: Queue, acting_user: Account) -> None:
    """Its open requests go to the desk's common line."""
    with transaction.atomic():
        Ticket.objects.filter(queue=queue, route=Ticket.Route.SPECIALIST).update(route=Ticket.Route.DESK)
        organisation, name = queue.organisation, queue.name
        queue.delete()
        _changed(organisation, acting_user, "desk.line_delete", line=name)


def rules_save(*, organisation: Organisation, rules: Mapping[str, Rule], acting_user: Account) -> None:
    with transaction.atomic():
        for kind, rule in rules.items():
            values = {"route": rule.route, "priority": rule.priority, "queue_id": rule.queue_id}
            RoutingRule.objects.update_or_create(organisation=organisation, kind=kind, defaults=values)
        _changed(organisation, acting_user, "desk.rules")


def targets_save(
    *, organisation: Organisation, targets: Mapping[int, Target], contact_hours: int, days: Days, acting_user: Account
) -> None:
    """All the delays of the desk: in open time, and in days."""
    with transaction.atomic():
        for priority, target in targets.items():
            values = {
                "response_minutes": target.response // dt.timedelta(minutes=1),
                "resolution_minutes": target.resolution // dt.timedelta(minutes=1),
                "round_the_clock": target.round_the_clock,
            }
            ServiceTarget.objects.update_or_create(organisation=organisation, priority=priority, defaults=values)
        values = {f"{name}_days": count for name, count in asdict(days).items()} | {"contact_hours": contact_hours}
        DeskSettings.objects.update_or_create(organisation=organisation, defaults=values)
        _changed(organisation, acting_user, "desk.targets", **values)
    _again(organisation)


def calendar_save(
    *,
    organisation: Organisation,
    zone: str,
    holidays: str,
    hours: tuple[dt.time, dt.time] | None,
    periods: Sequence[Period],
    acting_user: Account,
) -> None:
    """``periods``: what was written by hand, whole."""
    with transaction.atomic():
        opens, closes = hours or (None, None)
        values = {"zone": zone, "holidays": holidays, "holiday_opens": opens, "holiday_closes": closes}
        DeskSettings.objects.update_or_create(organisation=organisation, defaults=values)
        SchoolHoliday.objects.filter(organisation=organisation).delete()
        SchoolHoliday.objects.bulk_create(
            SchoolHoliday(organisation=organisation, name=row.name, first=row.first, last=row.last) for row in periods
        )
        _changed(organisation, acting_user, "desk.calendar", zone=zone, holidays=holidays)
    _again(organisation)


def _changed(organisation: Organisation, acting_user: Account, action: str, **detail: object) -> None:
    desk_forget(organisation.pk)
    audit_record(
        acting_user=acting_user, action=action, target=organisation.name, within=organisation.mail_domain, **detail
    )


def _again(organisation: Organisation) -> None:
    """What is open is due otherwise: worked out anew by a job, there may be thousands."""
    tasks.clocks_again.defer(organisation_id=organisation.pk)


def clocks_again(organisation_id: int) -> int:
    rows = Ticket.objects.filter(organisation=organisation_id, state__in=Ticket.OPEN)
    count = 0
    for ticket in rows.iterator(chunk_size=500):
        ticket_clock(ticket)
        count += 1
    return count
