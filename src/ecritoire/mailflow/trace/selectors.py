"""Reads of the trace, always within one's own académie."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from ecritoire.directory.models import EmailAddress, MailDomain, Organisation, Person
from ecritoire.mailflow.models import MailTrace

from .query import TraceQuery
from .whose import Domains

PAGE = 50
FAILURES_SHOWN = 10
FAILURE_DAYS = 7


@dataclass(frozen=True)
class TracePage:
    rows: list[MailTrace]
    following: str


def traces_of(organisation_id: int) -> QuerySet[MailTrace]:
    """From or to an address of the académie."""
    return MailTrace.objects.filter(Q(sender_organisation=organisation_id) | Q(recipient_organisation=organisation_id))


def traces_found(query: TraceQuery, *, organisation: Organisation) -> QuerySet[MailTrace]:
    since, until = query.period
    rows = traces_of(organisation.pk).filter(at__gte=since, at__lt=until)
    if query.address:
        rows = rows.filter(_either(addresses_of(query.address, organisation=organisation)))
    if query.other:
        rows = rows.filter(_other(query.other))
    if query.message_id:
        rows = rows.filter(message_id=query.message_id.strip().strip("<>"))
    return rows.filter(status=query.status) if query.status else rows


def traces_page(rows: QuerySet[MailTrace], *, after: str = "") -> TracePage:
    """The newest first, those after a place; a place that means nothing is the beginning."""
    at, _, key = after.partition("_")
    moment = _moment(at)
    if moment and key.isascii() and key.isdecimal():
        rows = rows.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=min(int(key), 2**62)))
    found = list(rows.order_by("-at", "-pk")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return TracePage(found[:PAGE], f"{last.at.isoformat()}_{last.pk}" if last else "")


def _moment(text: str) -> dt.datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


def addresses_of(address: str, *, organisation: Organisation) -> list[str]:
    """All those of whoever has ``address`` in the académie, under each of its domains; itself alone when it is somebody else's."""
    plain = Domains.read().plain(address.strip())
    local, _, domain = plain.rpartition("@")
    more = MailDomain.objects.filter(organisation=organisation).values_list("domain", flat=True)
    domains = [organisation.mail_domain, *more]
    if domain not in domains:
        return [plain]
    named = EmailAddress.objects.filter(address=f"{local}@{organisation.mail_domain}")
    holder = named.values_list("person", "functional").first()
    if holder is None:
        return sorted(f"{local}@{name}" for name in domains)
    return _addresses(Q(person=holder[0]) if holder[0] else Q(functional=holder[1]), domains)


def addresses_of_person(person: Person) -> list[str]:
    more = MailDomain.objects.filter(organisation=person.organisation_id).values_list("domain", flat=True)
    return _addresses(Q(person=person), list(more))


def _addresses(whose: Q, domains: list[str]) -> list[str]:
    given = set(EmailAddress.objects.filter(whose).values_list("address", flat=True))
    return sorted(given | {f"{one.rpartition('@')[0]}@{name}" for one in given for name in domains})


def traces_of_person(person: Person) -> QuerySet[MailTrace]:
    return MailTrace.objects.filter(_either(addresses_of_person(person)))


def _either(addresses: list[str]) -> Q:
    return Q(sender__in=addresses) | Q(recipient__in=addresses)


def _other(text: str) -> Q:
    """An address, or all of a domain."""
    local, _, domain = text.strip().lower().rpartition("@")
    return _either([f"{local}@{domain}"]) if local else Q(party=domain)


def failures_of(person: Person) -> list[MailTrace]:
    """The last messages of the week from or to somebody that did not arrive, the newest first."""
    since = timezone.now() - dt.timedelta(days=FAILURE_DAYS)
    rows = traces_of_person(person).filter(at__gte=since, status__in=MailTrace.FAILED)
    return list(rows.order_by("-at", "-pk")[:FAILURES_SHOWN])
