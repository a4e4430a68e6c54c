"""Where a new request goes: the rules of the académie by kind, with what is at hand (a line of the discipline, a local contact)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from ecritoire.accounts.lifecycle import OPEN
from ecritoire.accounts.models import Account
from ecritoire.common.roles import Role
from ecritoire.directory.models import Organisation, Structure

from .desk import desk_of
from .models import Queue, Ticket

Route, Priority = Ticket.Route, Ticket.Priority


@dataclass(frozen=True)
class Place:
    route: Ticket.Route
    priority: Ticket.Priority
    queue_id: int | None = None
    contact_until: dt.datetime | None = None


def place(
    *,
    organisation: Organisation,
    kind: Ticket.Kind,
    structure: Structure | None,
    discipline: str,
    opened_by: Account | None,
) -> Place:
    """A route that leads nowhere (no line of that discipline, no local contact, or one
    who asks in person) falls back on the desk."""
    desk = desk_of(organisation.pk)
    rule = desk.rule(kind)
    if rule.route == Route.SPECIALIST:
        line = _line_of(organisation, discipline) or rule.queue_id
        return Place(Route.SPECIALIST if line else Route.DESK, rule.priority, line)
    if rule.route == Route.CONTACT:
        keys = set(contacts_of(structure).values_list("pk", flat=True)) if structure else set()
        if not keys or (opened_by and opened_by.pk in keys):
            return Place(Route.DESK, rule.priority, rule.queue_id)
        now = timezone.now()
        until = desk.calendar.after(now, desk.contact_time) or now + desk.contact_time
        return Place(Route.CONTACT, rule.priority, rule.queue_id, until)
    return Place(rule.route, priority_by_rule(organisation.pk, kind), rule.queue_id)


def priority_by_rule(organisation_id: int, kind: Ticket.Kind) -> Ticket.Priority:
    rule = desk_of(organisation_id).rule(kind)
    return Priority.CRITICAL if rule.route == Route.ALERT else rule.priority


def _line_of(organisation: Organisation, discipline: str) -> int | None:
    if not discipline:
        return None
    lines = Queue.objects.filter(organisation=organisation, discipline__iexact=discipline)
    return lines.order_by("name").values_list("pk", flat=True).first()


def disciplines_of(organisation_id: int) -> list[str]:
    """Those a line of the académie is for, in order."""
    lines = Queue.objects.filter(organisation=organisation_id).exclude(discipline="")
    return sorted(set(lines.values_list("discipline", flat=True)))


def contacts_of(structure: Structure) -> QuerySet[Account]:
    """Its local IT contacts who may sign in."""
    grants = {"role_grants__role": Role.LOCAL_CONTACT, "role_grants__structure": structure}
    return Account.objects.filter(state__in=OPEN, **grants).distinct()
