"""The help desk's telephone: its hours, calls back, and how long answers really take."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account
from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import Organisation

from .desk import calendar_from, desk_forget, settings_of
from .hours import Calendar, Range, median
from .models import Closure, Hotline, OpeningHours, Ticket
from .services import ticket_open

SLOTS_SHOWN = 16
WAIT_DAYS = 30
WAIT_SECONDS = 300
LATEST = 500


class SlotTaken(Exception):
    """Nobody is free any more in that half-hour, or it is none of the help desk's."""


@dataclass(frozen=True)
class Wait:
    """The median delay of a first answer, in open time, over so many requests of the last thirty days."""

    median: dt.timedelta
    count: int

    @property
    def minutes(self) -> int:
        return max(round(self.median.total_seconds() / 60), 1)


def hotline_of(organisation: Organisation | None) -> Hotline | None:
    rows = Hotline.objects.prefetch_related("hours", "closures")
    return rows.filter(organisation=organisation).first() if organisation else None


def calendar_of(hotline: Hotline) -> Calendar:
    return calendar_from(hotline, settings_of(hotline.organisation_id))


def wait_measured(hotline: Hotline) -> Wait | None:
    """From the requests of the last thirty days that were answered, the latest five hundred; None without any."""
    key = f"hotline:wait:{hotline.pk}"
    known: Wait | str | None = cache.get(key)
    if known is None:
        known = _measure(hotline) or "none"
        cache.set(key, known, WAIT_SECONDS)
    return known if isinstance(known, Wait) else None


def _measure(hotline: Hotline) -> Wait | None:
    since, calendar = timezone.now() - dt.timedelta(days=WAIT_DAYS), calendar_of(hotline)
    rows = Ticket.objects.filter(organisation=hotline.organisation_id, created_at__gte=since)
    answered = rows.filter(first_answered_at__isnull=False).order_by("-pk")
    moments = answered.values_list("created_at", "first_answered_at")
    delays = [calendar.worked_between(a, b) for a, b in moments[:LATEST] if b]
    middle = median(delays)
    return Wait(middle, len(delays)) if middle is not None else None


def slots_free(hotline: Hotline) -> list[dt.datetime]:
    """The next half-hours in which somebody can still be called."""
    slots = calendar_of(hotline).slots(timezone.now(), SLOTS_SHOWN)
    taken = _taken(hotline, slots)
    return [slot for slot in slots if taken[slot] < hotline.callers]


def _taken(hotline: Hotline, slots: Sequence[dt.datetime]) -> Counter[dt.datetime]:
    rows = Ticket.objects.filter(organisation=hotline.organisation_id, state__in=Ticket.OPEN)
    chosen = rows.filter(call_at__in=slots).values_list("call_at", flat=True)
    return Counter(at for at in chosen if at is not None)


def callback_ask(*, hotline: Hotline, account: Account, at: dt.datetime, phone: str, subject: str) -> Ticket:
    """A request to be called in the half-hour that begins at ``at``. Raises SlotTaken."""
    with transaction.atomic():
        Hotline.objects.select_for_update().get(pk=hotline.pk)
        if at not in slots_free(hotline):
            raise SlotTaken
        ticket = ticket_open(
            kind=Ticket.Kind.CALLBACK,
            subject=subject,
            text=_("Rappeler au %(phone)s.") % {"phone": phone},
            contact=phone,
            account=account,
            opened_by=account,
            channel=Ticket.Channel.PHONE,
        )
        ticket.call_at = at
        ticket.save(update_fields=["call_at"])
    return ticket


def hotline_save(
    *,
    organisation: Organisation,
    phone: str,
    note: str,
    callers: int,
    hours: Sequence[Range],
    closures: Sequence[tuple[dt.date, dt.date, str]],
    acting_user: Actor,
) -> Hotline:
    """Number, hours and closures, whole or not at all."""
    with transaction.atomic():
        values = {"phone": phone, "note": note, "callers": callers}
        hotline, _made = Hotline.objects.update_or_create(organisation=organisation, defaults=values)
        hotline.hours.all().delete()
        hotline.closures.all().delete()
        OpeningHours.objects.bulk_create(
            OpeningHours(hotline=hotline, weekday=r.weekday, opens=r.opens, closes=r.closes) for r in hours
        )
        Closure.objects.bulk_create(Closure(hotline=hotline, first=a, last=b, label=text) for a, b, text in closures)
        desk_forget(organisation.pk)
        audit_record(
            acting_user=acting_user,
            action="hotline.save",
            target=organisation.name,
            phone=phone,
            within=organisation.mail_domain,
        )
    return hotline
