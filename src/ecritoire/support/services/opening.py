"""Opening requests: by the person, for them, or by whoever may not be signed in."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account, ApiClient
from ecritoire.common.services import audit_lock, audit_record
from ecritoire.directory.addresses import fold
from ecritoire.directory.models import Organisation, Structure
from ecritoire.directory.organisations import organisation_by_address
from ecritoire.directory.selectors import assignments_of, not_over
from ecritoire.directory.services import organisation_ensure
from ecritoire.support import tasks
from ecritoire.support.facts import facts_make
from ecritoire.support.models import Ticket, TicketEvent, TicketMessage
from ecritoire.support.routing import place

from .attaching import Files, files_keep
from .steps import changes, say, step

logger = logging.getLogger(__name__)
FLOOD_MESSAGES = 5
UNKNOWN_DAILY = 200
OPEN_EACH = 20
FLOOD_WINDOW = dt.timedelta(hours=1)
Priority, Channel = Ticket.Priority, Ticket.Channel
Side, Audience, Kind = TicketMessage.Side, TicketMessage.Audience, TicketEvent.Kind


def ticket_open(
    *,
    kind: Ticket.Kind,
    text: str,
    account: Account | None = None,
    login: str = "",
    subject: str = "",
    contact: str = "",
    priority: Ticket.Priority | None = None,
    given: dict[str, str] | None = None,
    opened_by: Account | None = None,
    channel: Ticket.Channel = Channel.PORTAL,
    discipline: str = "",
    program: ApiClient | None = None,
    organisation: Organisation | None = None,
    name: str = "",
    files: Files = (),
    with_mail: bool = True,
) -> Ticket:
    """Open a ticket with what is known of the person's sign-ins and undelivered mail (unless they keep it), where the rules of its kind put it; support is told at
    once when it is pressing, and so is whoever has it first (a line, the local contacts). ``program``: the other program
    that opens it; ``organisation`` and ``name`` are those of somebody without an account, as far as they are known.
    """
    login = account.login if account else login.strip().lower()[:254]
    name = str(account.person) if account else name.strip()[:160]
    here = account.person.organisation if account else organisation or organisation_by_address(login)
    organisation = here or organisation_ensure()
    structure = _structure(account) if account else None
    facts_given = (given or {}) | ({"discipline": discipline} if discipline else {})
    where = place(organisation=organisation, kind=kind, structure=structure, discipline=discipline, opened_by=opened_by)
    with transaction.atomic():
        ticket = Ticket(
            organisation=organisation,
            number=_next_number(),
            kind=kind,
            subject=(subject or str(Ticket.Kind(kind).label).capitalize())[:160],
            text=text[:5000],
            account=account,
            login=login,
            name=name,
            contact=contact.strip()[:254],
            priority=priority or where.priority,
            facts=facts_make(account, login, facts_given, with_mail=with_mail),
            opened_by=opened_by,
            channel=channel,
            structure=structure,
            queue_id=where.queue_id,
            route=where.route,
            contact_until=where.contact_until,
        )
        ticket.search_name = fold(f"{ticket.number} {name} {login} {ticket.subject}")[:600]
        ticket.save()
        files_keep(ticket=ticket, files=files)
        step(ticket, Kind.OPENED, opened_by or program)
        audit_record(
            acting_user=opened_by or program,
            action="ticket.open",
            target=login or ticket.number,
            within=ticket.organisation.mail_domain,
            number=ticket.number,
        )
        if ticket.is_pressing:
            tasks.announce.defer(ticket_id=ticket.pk)
        if ticket.queue_id or ticket.route == Ticket.Route.CONTACT:
            tasks.announce_line.defer(ticket_id=ticket.pk)
    return ticket


def ticket_for_help(
    *,
    kind: Ticket.Kind,
    text: str,
    account: Account | None,
    login: str,
    contact: str,
    urgent: bool,
    given: dict[str, str],
    channel: Ticket.Channel = Channel.SIGN_IN,
) -> Ticket | None:
    """A call for help by somebody who may not be signed in: while one of the same kind is open, it is added there.

    None when so many came today for logins nobody has that another would only bury the desk.
    """
    login = account.login if account else login.strip().lower()[:254]
    with transaction.atomic():
        audit_lock()
        known = Ticket.objects.filter(login=login, kind=kind, state__in=Ticket.OPEN).first()
        if known is None:
            if account is None and unknown_today() >= UNKNOWN_DAILY:
                logger.warning("%s requests for unknown logins today: one more is dropped", UNKNOWN_DAILY)
                return None
            priority = Priority.CRITICAL if urgent else None
            return ticket_open(
                kind=kind,
                text=text,
                account=account,
                login=login,
                contact=contact,
                priority=priority,
                given=given,
                channel=channel,
            )
        _append(known, text, contact, urgent)
    return known


def unknown_today() -> int:
    since = timezone.now() - dt.timedelta(days=1)
    return Ticket.objects.filter(account=None, opened_by=None, created_at__gt=since).count()


def _append(ticket: Ticket, text: str, contact: str, urgent: bool) -> None:
    """Add to an open ticket, a few times an hour at most: a form that anybody may send is no way to fill the desk."""
    since = timezone.now() - FLOOD_WINDOW
    if ticket.messages.filter(side=Side.PERSON, author=None, created_at__gt=since).count() >= FLOOD_MESSAGES:
        return
    if contact and contact != ticket.contact:
        text = _("%(text)s\n\nContact indiqué : %(contact)s") % {"text": text, "contact": contact}
    say(ticket, author=None, side=Side.PERSON, audience=Audience.PUBLIC, text=text)
    raised = changes(ticket, priority=Priority.CRITICAL) if urgent else {}
    if raised:
        ticket.priority = Priority.CRITICAL
        ticket.save(update_fields=["priority", "updated_at"])
        tasks.announce.defer(ticket_id=ticket.pk)
    step(ticket, Kind.WRITTEN, None, raised)


def _next_number() -> str:
    """Given one at a time, so that none is missing or given twice."""
    audit_lock()
    year = timezone.localdate().year
    last = Ticket.objects.filter(number__startswith=f"{year}-").order_by("-number").values_list("number", flat=True)
    rank = int(last[0].partition("-")[2]) + 1 if last else 1
    return f"{year}-{rank:06d}"


def _structure(account: Account) -> Structure | None:
    """Where the person works, the latest place first."""
    row = assignments_of(account.person).filter(not_over()).order_by("-starts_on").first()
    return row.structure if row else None
