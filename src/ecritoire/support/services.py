"""Writes of the help desk: opening, answering, noting, moving a ticket along."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account, SignInEvent
from ecritoire.accounts.overview import failures_recent, last_success
from ecritoire.common.services import audit_lock, audit_record
from ecritoire.directory.addresses import fold
from ecritoire.directory.organisations import organisation_by_address
from ecritoire.directory.services import organisation_ensure

from . import tasks
from .models import Ticket, TicketMessage

logger = logging.getLogger(__name__)
FLOOD_MESSAGES = 5
UNKNOWN_DAILY = 200
OPEN_EACH = 20
FACTS_KEPT = dt.timedelta(days=365)  # sign-in logs: CNIL 2021-122, twelve months at most
FLOOD_WINDOW = dt.timedelta(hours=1)
PRIORITIES = {Ticket.Kind.TAKEOVER: Ticket.Priority.HIGH}
State, Priority, Side, Audience = Ticket.State, Ticket.Priority, TicketMessage.Side, TicketMessage.Audience


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
) -> Ticket:
    """Open a ticket with what is known of the person's sign-ins; support is told at once when it is pressing."""
    login = account.login if account else login.strip().lower()[:254]
    name = str(account.person) if account else ""
    with transaction.atomic():
        ticket = Ticket(
            organisation=account.person.organisation
            if account
            else organisation_by_address(login) or organisation_ensure(),
            number=_next_number(),
            kind=kind,
            subject=(subject or str(Ticket.Kind(kind).label).capitalize())[:160],
            text=text[:5000],
            account=account,
            login=login,
            name=name,
            contact=contact.strip()[:254],
            priority=priority or PRIORITIES.get(Ticket.Kind(kind), Priority.NORMAL),
            facts=_facts(account, login, given or {}),
            opened_by=opened_by,
        )
        ticket.search_name = fold(f"{ticket.number} {name} {login} {ticket.subject}")[:600]
        ticket.save()
        audit_record(
            acting_user=opened_by,
            action="ticket.open",
            target=login or ticket.number,
            within=ticket.organisation.mail_domain,
            number=ticket.number,
        )
        if ticket.is_pressing:
            tasks.announce.defer(ticket_id=ticket.pk)
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
) -> Ticket | None:
    """A call for help by somebody who may not be signed in: while one of the same kind is open, it is added there.

    None when so many came today for logins nobody has that another would only bury the desk.
    """
    login = account.login if account else login.strip().lower()[:254]
    with transaction.atomic():
        audit_lock()
        known = Ticket.objects.filter(login=login, kind=kind, state__in=Ticket.OPEN).first()
        if known is None:
            if account is None and _unknown_today() >= UNKNOWN_DAILY:
                logger.warning("%s requests for unknown logins today: one more is dropped", UNKNOWN_DAILY)
                return None
            priority = Priority.CRITICAL if urgent else None
            return ticket_open(
                kind=kind, text=text, account=account, login=login, contact=contact, priority=priority, given=given
            )
        _append(known, text, contact, urgent)
    return known


def _unknown_today() -> int:
    since = timezone.now() - dt.timedelta(days=1)
    return Ticket.objects.filter(account=None, opened_by=None, created_at__gt=since).count()


def _append(ticket: Ticket, text: str, contact: str, urgent: bool) -> None:
    """Add to an open ticket, a few times an hour at most: a form that anybody may send is no way to fill the desk."""
    since = timezone.now() - FLOOD_WINDOW
    if ticket.messages.filter(side=Side.PERSON, author=None, created_at__gt=since).count() >= FLOOD_MESSAGES:
        return
    if contact and contact != ticket.contact:
        text = _("%(text)s\n\nContact indiqué : %(contact)s") % {"text": text, "contact": contact}
    _say(ticket, author=None, side=Side.PERSON, audience=Audience.PUBLIC, text=text)
    if urgent and ticket.priority != Priority.CRITICAL:
        ticket.priority = Priority.CRITICAL
        ticket.save(update_fields=["priority", "updated_at"])
        tasks.announce.defer(ticket_id=ticket.pk)


def ticket_write(*, ticket: Ticket, author: Account, text: str) -> None:
    """The person writes again; a ticket that waited for them, or was thought resolved, is in progress again."""
    with transaction.atomic():
        _say(ticket, author=author, side=Side.PERSON, audience=Audience.PUBLIC, text=text)
        if ticket.state in {State.WAITING, State.RESOLVED}:
            _move(ticket, State.IN_PROGRESS)


def ticket_answer(*, ticket: Ticket, acting_user: Account, text: str, state: Ticket.State) -> None:
    """Answer the person, by mail and in their list; whoever answers an unassigned ticket takes it."""
    with transaction.atomic():
        said = _say(ticket, author=acting_user, side=Side.SUPPORT, audience=Audience.PUBLIC, text=text)
        if ticket.assignee_id is None:
            ticket.assignee = acting_user
            ticket.save(update_fields=["assignee", "updated_at"])
        _move(ticket, state)
        _audit(ticket, acting_user, "ticket.answer", state=state)
        tasks.send_answer.defer(message_id=said.pk)


def ticket_tell(*, ticket: Ticket, text: str, state: Ticket.State, mail: bool = True) -> None:
    """The service itself answers the person, in their list and, with ``mail``, by mail."""
    with transaction.atomic():
        said = _say(ticket, author=None, side=Side.SYSTEM, audience=Audience.PUBLIC, text=text)
        _move(ticket, state)
        if mail:
            tasks.send_answer.defer(message_id=said.pk)


def ticket_note(*, ticket: Ticket, acting_user: Account, text: str) -> None:
    """A note among support."""
    with transaction.atomic():
        _say(ticket, author=acting_user, side=Side.SUPPORT, audience=Audience.INTERNAL, text=text)
        _audit(ticket, acting_user, "ticket.note")


def ticket_relay(*, ticket: Ticket, acting_user: Account, text: str) -> None:
    """A local IT contact adds what they know; the person does not see it."""
    with transaction.atomic():
        _say(ticket, author=acting_user, side=Side.CONTACT, audience=Audience.RELAY, text=text)
        _audit(ticket, acting_user, "ticket.relay")


def ticket_take(*, ticket: Ticket, acting_user: Account) -> None:
    """Assign it to oneself."""
    with transaction.atomic():
        ticket.assignee = acting_user
        ticket.save(update_fields=["assignee", "updated_at"])
        if ticket.state == State.NEW:
            _move(ticket, State.IN_PROGRESS)
        _audit(ticket, acting_user, "ticket.take")


def ticket_classify(
    *, ticket: Ticket, acting_user: Account, state: Ticket.State, priority: Ticket.Priority, kind: Ticket.Kind
) -> None:
    """Change what it is and where it stands; support is told when it becomes pressing."""
    with transaction.atomic():
        was_pressing, before = ticket.is_pressing, {"state": ticket.state, "priority": ticket.priority}
        ticket.priority, ticket.kind = priority, kind
        ticket.save(update_fields=["priority", "kind", "updated_at"])
        _move(ticket, state)
        after = {"state": ticket.state, "priority": ticket.priority}
        _audit(ticket, acting_user, "ticket.classify", before=before, after=after)
        if ticket.is_pressing and not was_pressing:
            tasks.announce.defer(ticket_id=ticket.pk)


def ticket_settle(*, ticket: Ticket, acting_user: Account) -> None:
    """The person says it is solved."""
    with transaction.atomic():
        _move(ticket, State.CLOSED)
        _audit(ticket, acting_user, "ticket.settle")


def facts_purge() -> int:
    """Forget what tickets copied of the sign-in history once that history itself is too old to be kept."""
    old = Ticket.objects.filter(created_at__lt=timezone.now() - FACTS_KEPT).exclude(facts={})
    return old.update(facts={})


def _say(
    ticket: Ticket, *, author: Account | None, side: TicketMessage.Side, audience: TicketMessage.Audience, text: str
) -> TicketMessage:
    said = ticket.messages.create(author=author, side=side, audience=audience, text=text[:5000])
    ticket.last_message_at = timezone.now()
    ticket.save(update_fields=["last_message_at", "updated_at"])
    return said


def _move(ticket: Ticket, state: Ticket.State) -> None:
    ticket.state = state
    if ticket.is_open:
        ticket.resolved_at = None
    elif ticket.resolved_at is None:
        ticket.resolved_at = timezone.now()
    ticket.save(update_fields=["state", "resolved_at", "updated_at"])


def _audit(ticket: Ticket, acting_user: Account, action: str, **detail: Any) -> None:
    audit_record(
        acting_user=acting_user,
        action=action,
        target=ticket.login or ticket.number,
        within=ticket.organisation.mail_domain,
        number=ticket.number,
        **detail,
    )


def _next_number() -> str:
    """Given one at a time, so that none is missing or given twice."""
    audit_lock()
    year = timezone.localdate().year
    last = Ticket.objects.filter(number__startswith=f"{year}-").order_by("-number").values_list("number", flat=True)
    rank = int(last[0].partition("-")[2]) + 1 if last else 1
    return f"{year}-{rank:06d}"


def _facts(account: Account | None, login: str, given: dict[str, str]) -> dict[str, Any]:
    """What support would otherwise look up. Nothing of it is shown to the person: a stranger may have opened this."""
    success = last_success(login=login) if login else None
    return {
        "state": account.state if account else "",
        "last_success": _attempt(success) if success else None,
        "sign_ins": [_attempt(event) for event in failures_recent(login=login)] if login else [],
        "given": {str(name): str(value) for name, value in given.items()},
    }


def _attempt(event: SignInEvent) -> dict[str, str]:
    return {
        "at": event.at.isoformat(),
        "protocol": event.protocol,
        "result": event.result,
        "address": event.address or "",
        "application": event.application,
    }
