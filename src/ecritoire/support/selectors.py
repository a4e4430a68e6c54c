"""Reads of the help desk. What a local IT contact may see is decided here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from ecritoire.accounts.lifecycle import OPEN
from ecritoire.accounts.models import Account, RoleGrant
from ecritoire.accounts.overview import people_working_in
from ecritoire.accounts.selectors.holders import accounts_with
from ecritoire.common.roles import ALLOWED, Action, Role
from ecritoire.directory.addresses import fold
from ecritoire.directory.models import Organisation

from .attachments import with_files
from .models import IncidentProposal, Queue, Ticket, TicketEvent, TicketMessage

Audience = TicketMessage.Audience
AGENTS_ONLY = {TicketEvent.Kind.NOTED, TicketEvent.Kind.ACTED}
ASSIGNEE_TOLD = {TicketEvent.Kind.WRITTEN, TicketEvent.Kind.REOPENED}
"""What the person does and whoever has their request waits for."""


@dataclass(frozen=True)
class QueueFilters:
    """What the queue is narrowed to. ``state`` may be a state, ``open`` or ``all``; ``whose``: ``mine`` or ``nobody``."""

    search: str = ""
    state: str = "open"
    priority: str = ""
    kind: str = ""
    whose: str = ""
    due: str = ""


def tickets_visible_to(viewer: Account) -> QuerySet[Ticket]:
    """All of one's académie to support; to a local IT contact those of people who work in their structures; to others their own."""
    tickets = Ticket.objects.filter(organisation=viewer.organisation_id)
    tickets = tickets.select_related("account__person", "assignee__person")
    if viewer.may(Action.TICKET_HANDLE):
        return tickets
    mine = Q(account=viewer)
    if viewer.may(Action.TICKET_RELAY):
        mine |= Q(account__person__in=people_working_in(viewer.contact_structures))
    if viewer.may(Action.TICKET_SPECIALIST):
        mine |= Q(queue__in=Queue.objects.filter(members=viewer))
    return tickets.filter(mine)


def ticket_queue(*, viewer: Account, filters: QueueFilters) -> QuerySet[Ticket]:
    """The most pressing first, then the oldest."""
    tickets = tickets_visible_to(viewer)
    if filters.state == "open":
        tickets = tickets.filter(state__in=Ticket.OPEN)
    elif filters.state != "all":
        tickets = tickets.filter(state=filters.state)
    if filters.priority:
        tickets = tickets.filter(priority=filters.priority)
    if filters.kind:
        tickets = tickets.filter(kind=filters.kind)
    if filters.whose:
        named = {"mine": viewer.pk, "nobody": None}
        tickets = tickets.filter(assignee=named.get(filters.whose, filters.whose))
    for word in fold(filters.search).split():
        tickets = tickets.filter(search_name__contains=word)
    if filters.due:
        tickets = tickets_due(tickets, filters.due)
        return tickets.order_by("due_at", "priority", "pk")
    return tickets.order_by("priority", "created_at", "pk")


def tickets_due(tickets: QuerySet[Ticket], due: str) -> QuerySet[Ticket]:
    """``late``: past what is due; ``soon``: past four fifths of it; ``next``: all that something is due of."""
    now = timezone.now()
    if due == "late":
        return tickets.filter(due_at__lte=now)
    return tickets.filter(warn_at__lte=now, due_at__gt=now) if due == "soon" else tickets.filter(due_at__isnull=False)


def line_tickets(viewer: Account) -> QuerySet[Ticket]:
    """Those of the lines one is member of."""
    lines = Queue.objects.filter(members=viewer, organisation=viewer.organisation_id)
    rows = Ticket.objects.filter(organisation=viewer.organisation_id, queue__in=lines)
    return rows.select_related("account__person", "assignee__person", "queue", "organisation", "opened_by__person")


def contact_turn(viewer: Account) -> QuerySet[Ticket]:
    """What a local contact has to answer, or to hand over to the desk."""
    return tickets_visible_to(viewer).filter(
        route=Ticket.Route.CONTACT, structure__in=viewer.contact_structures, state__in=Ticket.OPEN
    )


def line_count(request: HttpRequest) -> int:
    """Requests of one's lines that nobody has answered."""
    rows = line_tickets(request.user)  # type: ignore[arg-type]
    return rows.filter(state=Ticket.State.NEW).count()


def contact_count(request: HttpRequest) -> int:
    """Requests that wait for the local contact."""
    return contact_turn(request.user).filter(state=Ticket.State.NEW).count()  # type: ignore[arg-type]


def tickets_of(account: Account) -> QuerySet[Ticket]:
    return Ticket.objects.filter(account=account).order_by("-created_at")


def open_count(account: Account) -> int:
    """How many open requests the person has made."""
    return Ticket.objects.filter(opened_by=account, account=account, state__in=Ticket.OPEN).count()


def messages_of(ticket: Ticket, *, viewer: Account) -> QuerySet[TicketMessage]:
    """What was said, there and in the requests merged into it, as far as ``viewer`` may read it: notes are not for the person."""
    both = Q(ticket=ticket) | Q(ticket__merged_into=ticket)
    said = TicketMessage.objects.filter(both).select_related("author__person", "ticket").order_by("pk")
    said = with_files(said, ticket, viewer=viewer)
    if viewer.pk == ticket.account_id:
        return said.filter(audience=Audience.PUBLIC)
    if viewer.may(Action.TICKET_HANDLE) or has_line_of(viewer, ticket):
        return said
    return said.filter(audience__in=[Audience.PUBLIC, Audience.RELAY])


def has_line_of(viewer: Account, ticket: Ticket) -> bool:
    """A specialist of the line in which the request waits."""
    if not viewer.may(Action.TICKET_SPECIALIST) or ticket.queue_id is None:
        return False
    return Queue.objects.filter(pk=ticket.queue_id, members=viewer).exists()


def may_answer(account: Account, ticket: Ticket) -> bool:
    """Who has a request may answer the person, of whom they are not one: support, the specialists of its line, the local contacts
    while it is their turn."""
    if account.pk == ticket.account_id or account.organisation_id != ticket.organisation_id:
        return False
    return account.may(Action.TICKET_HANDLE) or has_line_of(account, ticket) or has_turn(account, ticket)


def has_turn(account: Account, ticket: Ticket) -> bool:
    """A local contact of the school, who has the request before the desk."""
    return account.may(Action.TICKET_RELAY) and contact_turn(account).filter(pk=ticket.pk).exists()


def urgent_count(request: HttpRequest) -> int:
    """Pressing requests of the académie that nobody has taken in hand."""
    own = Ticket.objects.filter(organisation=request.user.organisation_id)  # type: ignore[union-attr]
    return own.filter(state=Ticket.State.NEW, priority__lte=Ticket.Priority.HIGH).count()


def proposals_count(request: HttpRequest) -> int:
    """Incidents that similar requests propose in the académie, and nobody has decided on."""
    own = IncidentProposal.objects.filter(organisation=request.user.organisation_id)  # type: ignore[union-attr]
    return own.filter(state=IncidentProposal.State.OPEN).count()


def support_agents(*, organisation: int) -> QuerySet[Account]:
    return accounts_with(Role.SUPPORT, organisation=organisation).select_related("person")


def desk_agents(*, organisation: int) -> QuerySet[Account]:
    """Who may be given a request: support, specialists and administrators."""
    handling = [role for role, allowed in ALLOWED.items() if allowed & {Action.TICKET_HANDLE, Action.TICKET_SPECIALIST}]
    people = accounts_with(*handling, organisation=organisation).select_related("person")
    return people.order_by("person__family_name", "person__given_name", "pk")


def agents_and(ticket: Ticket) -> QuerySet[Account]:
    """Who may be given it, and whoever has it already: a local contact who answered."""
    agents = Q(pk__in=desk_agents(organisation=ticket.organisation_id).order_by().values("pk"))
    has_it = Q(pk__in=[ticket.assignee_id] if ticket.assignee_id else [])
    people = Account.objects.filter(agents | has_it).select_related("person")
    return people.order_by("person__family_name", "person__given_name", "pk")


def is_verified_contact(ticket: Ticket) -> bool:
    """The contact is an address the person proved to be theirs, not one that anybody may have typed."""
    account = ticket.account
    if account is None:
        return False
    return reply_address(ticket).lower() in {account.login, account.verified_address.lower()} - {""}


def reply_address(ticket: Ticket) -> str:
    """Where an answer is sent: the contact when it is an address, else the verified alternate one, else the mailbox."""
    if "@" in ticket.contact:
        return ticket.contact
    account = ticket.account
    return (account.verified_address or account.login) if account else ""


def subjects_since(*, organisation: Organisation, since: dt.datetime) -> list[str]:
    """What people of an académie asked in their requests, one subject a request."""
    rows = Ticket.objects.filter(organisation=organisation, created_at__gte=since)
    return list(rows.values_list("subject", flat=True))


def told_of_step(event: TicketEvent) -> list[tuple[Account, str]]:
    """Who follows the request, and who has it when the person writes, but for whoever made the step: each with the page where they may
    read it. Notes are for agents, and a local contact is told only while the person works in their structures."""
    told: list[tuple[Account, str]] = []
    for account in _followers(event):
        if account.state not in OPEN or not tickets_visible_to(account).filter(pk=event.ticket_id).exists():
            continue
        if account.may(Action.TICKET_HANDLE):
            told.append((account, reverse("support:handle", args=[event.ticket.number])))
        elif has_line_of(account, event.ticket):
            told.append((account, reverse("support:line-ticket", args=[event.ticket.number])))
        elif event.kind not in AGENTS_ONLY:
            told.append((account, reverse("support:school-ticket", args=[event.ticket.number])))
    return told


def _followers(event: TicketEvent) -> QuerySet[Account]:
    who = Q(pk__in=event.ticket.watchers.values("account"))
    if event.kind in ASSIGNEE_TOLD and event.ticket.assignee_id:
        who |= Q(pk=event.ticket.assignee_id)
    people = Account.objects.filter(who).exclude(pk__in=[event.actor_id] if event.actor_id else [])
    return people.select_related("person__organisation").order_by("pk")


def watchers_possible(ticket: Ticket) -> QuerySet[Account]:
    """Agents, and the local contacts of the school it comes from."""
    agents = desk_agents(organisation=ticket.organisation_id).order_by().values("pk")
    contacts = RoleGrant.objects.filter(role=Role.LOCAL_CONTACT, structure=ticket.structure_id).values("account")
    found = Q(pk__in=agents) | (Q(pk__in=contacts) if ticket.structure_id else Q(pk__in=[]))
    people = Account.objects.filter(found, person__organisation=ticket.organisation_id, state__in=OPEN)
    people = people.exclude(pk__in=ticket.watchers.values("account")).select_related("person")
    return people.order_by("person__family_name", "person__given_name", "pk")
