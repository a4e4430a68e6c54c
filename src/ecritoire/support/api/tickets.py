"""``/api/v1/tickets``. A client sees its académie's requests, their answers, and no note; never the sign-in history a request holds."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account, ApiClient, ApiScope
from ecritoire.api.rest.answers import Problem
from ecritoire.api.rest.door import door
from ecritoire.support import services
from ecritoire.support.models import Ticket, TicketMessage
from ecritoire.support.selectors import support_agents

from .reading import answer, asked, page, refused, said, unchanged, version
from .schemas import MessageIn, MessageList, MessageOut, TicketChange, TicketIn, TicketOut, TicketQuery, priority_of

SCOPES = {"read": ApiScope.TICKETS_READ, "write": ApiScope.TICKETS_WRITE}
SHOWN = ("structure", "queue", "assignee")
EARLIEST, LATEST = dt.datetime(1900, 1, 1, tzinfo=dt.UTC), dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
Audience = TicketMessage.Audience


def tickets_of(client: ApiClient) -> QuerySet[Ticket]:
    return Ticket.objects.filter(organisation=client.organisation_id)


@door("GET", "POST", **SCOPES)
def tickets(request: HttpRequest, client: ApiClient) -> HttpResponse:
    if request.method == "POST":
        return _open(request, client)
    query = asked(request, TicketQuery)
    rows = _narrowed(tickets_of(client).select_related(*SHOWN), query)
    return JsonResponse(page(rows, query, TicketOut.of))


def _narrowed(rows: QuerySet[Ticket], query: TicketQuery) -> QuerySet[Ticket]:
    if query.state:
        rows = rows.filter(state__in=Ticket.OPEN if query.state == "open" else [query.state])
    if query.priority:
        rows = rows.filter(priority=priority_of(query.priority))
    if query.person:
        rows = rows.filter(login=query.person.lower())
    if query.updated_since:
        rows = rows.filter(updated_at__gte=min(max(query.updated_since, EARLIEST), LATEST).astimezone(dt.UTC))
    exact = {"kind": query.kind, "assignee__login": query.assignee, "incident": query.incident}
    return rows.filter(**{name: value for name, value in exact.items() if value})


def _open(request: HttpRequest, client: ApiClient) -> HttpResponse:
    wanted = said(request, TicketIn)
    account = _person(client, wanted.person)
    ticket = services.ticket_open(
        kind=Ticket.Kind(wanted.kind),
        subject=wanted.subject,
        text=wanted.text,
        account=account,
        contact=wanted.contact,
        priority=priority_of(wanted.priority) if wanted.priority else None,
        channel=Ticket.Channel.API,
        program=client,
    )
    place = f"/api/v1/tickets/{ticket.number}"
    return answer(TicketOut.of(ticket), status=HTTPStatus.CREATED, etag=version(ticket.updated_at), location=place)


def _person(client: ApiClient, who: str) -> Account:
    rows = Account.objects.filter(person__organisation=client.organisation_id).select_related("person__organisation")
    name = who.strip()
    found = rows.filter(login=name.lower()).first() or rows.filter(person__employee_number=name).first()
    if found is None:
        raise refused(HTTPStatus.CONFLICT, "person", _("Personne de l'académie n'a cet identifiant ni ce matricule."))
    return found


@door("GET", "PATCH", **SCOPES)
def ticket(request: HttpRequest, client: ApiClient, number: str) -> HttpResponse:
    if request.method == "PATCH":
        return _change(request, client, number)
    row = _ticket(tickets_of(client).select_related(*SHOWN), number)
    return answer(TicketOut.of(row), etag=version(row.updated_at))


def _ticket(rows: QuerySet[Ticket], number: str) -> Ticket:
    row = rows.filter(number=number).first() if "\0" not in number else None
    if row is None:
        raise Problem(HTTPStatus.NOT_FOUND, _("Aucune demande n'a ce numéro."))
    return row


def _change(request: HttpRequest, client: ApiClient, number: str) -> HttpResponse:
    wanted = said(request, TicketChange)
    given = wanted.model_fields_set
    if not given:
        raise refused(HTTPStatus.UNPROCESSABLE_ENTITY, "", _("Dites au moins une chose à changer."))
    with transaction.atomic():
        row = _held(request, client, number)
        assignee = _agent(client, wanted.assignee) if wanted.assignee else None
        if given & {"state", "priority", "kind"}:
            services.ticket_classify(
                ticket=row,
                acting_user=client,
                state=Ticket.State(wanted.state if "state" in given else row.state),
                priority=priority_of(wanted.priority) if "priority" in given else Ticket.Priority(row.priority),
                kind=Ticket.Kind(wanted.kind if "kind" in given else row.kind),
                assignee=assignee if "assignee" in given else services.KEPT,
            )
        elif assignee != row.assignee:
            services.ticket_assign(ticket=row, acting_user=client, assignee=assignee)
    return answer(TicketOut.of(row), etag=version(row.updated_at))


def _held(request: HttpRequest, client: ApiClient, number: str) -> Ticket:
    """The row until the transaction ends, still as the caller saw it."""
    row = _ticket(tickets_of(client).select_for_update(of=("self",)).select_related(*SHOWN), number)
    unchanged(request, row.updated_at)
    return row


def _agent(client: ApiClient, login: str) -> Account:
    found = support_agents(organisation=client.organisation_id).filter(login=login.strip().lower())
    agent = found.first()
    if agent is None:
        words = _("Personne qui traite les demandes de l'académie n'a cet identifiant.")
        raise refused(HTTPStatus.CONFLICT, "assignee", words)
    return agent


@door("GET", "POST", **SCOPES)
def messages(request: HttpRequest, client: ApiClient, number: str) -> HttpResponse:
    if request.method == "POST":
        return _say(request, client, number)
    row = _ticket(tickets_of(client), number)
    told = row.messages.filter(audience=Audience.PUBLIC)
    return answer(MessageList(items=[MessageOut.of(message) for message in told]))


def _say(request: HttpRequest, client: ApiClient, number: str) -> HttpResponse:
    wanted = said(request, MessageIn)
    with transaction.atomic():
        row = _held(request, client, number)
        if wanted.audience == "note":
            services.ticket_note(ticket=row, acting_user=client, text=wanted.text)
        else:
            state = Ticket.State(wanted.state)
            services.ticket_answer(ticket=row, acting_user=client, text=wanted.text, state=state)
        message = row.messages.order_by("-pk")[0]
    return answer(MessageOut.of(message), status=HTTPStatus.CREATED, etag=version(row.updated_at))
