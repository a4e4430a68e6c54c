"""Writes on incidents: declared, told, attached to requests, over; found among requests that resemble each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account
from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import Organisation, Structure

from . import tasks
from .models import Incident, IncidentProposal, IncidentUpdate, Ticket, TicketEvent
from .services import ticket_open, ticket_tell
from .services.steps import step
from .signals import incident_changed
from .similarity import resemble, words_of

BANNERS = "incidents:banners"
WINDOW = dt.timedelta(minutes=15)
GATHERED = 5
SAME = 0.3
TEXT_READ = 200
State, Severity = Incident.State, Incident.Severity


@dataclass(frozen=True)
class Notice:
    """What an incident is announced with; ``text`` is its first update."""

    title: str
    text: str
    severity: Incident.Severity
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    is_public: bool = True


def incident_declare(
    *,
    organisation: Organisation,
    notice: Notice,
    acting_user: Actor | None,
    structures: Sequence[Structure] = (),
    tickets: Sequence[Ticket] = (),
) -> Incident:
    """Banner, status page, and the requests that are about it. One that begins later is announced."""
    starts_at = notice.starts_at or timezone.now()
    state = State.PLANNED if starts_at > timezone.now() else State.OPEN
    login = acting_user.login if acting_user else "system"
    with transaction.atomic():
        incident = Incident.objects.create(
            organisation=organisation,
            title=notice.title[:160],
            severity=notice.severity,
            state=state,
            is_public=notice.is_public,
            starts_at=starts_at,
            ends_at=notice.ends_at,
            declared_by=login,
        )
        incident.structures.set(structures)
        IncidentUpdate.objects.create(incident=incident, state=state, text=notice.text, author_login=login)
        tickets_attach(incident=incident, tickets=tickets, acting_user=acting_user)
        detail = {"severity": notice.severity, "tickets": len(tickets)}
        _audit(incident, acting_user, "incident.declare", **detail)
        incident_changed.send(sender=Incident, incident=incident, event="declared")
        _changed()
    return incident


def incident_tell(*, incident: Incident, state: Incident.State, text: str, acting_user: Actor | None) -> None:
    """An update. When it says that the incident is over, each attached request still open is answered once and resolved."""
    login = acting_user.login if acting_user else "system"
    with transaction.atomic():
        row = Incident.objects.select_for_update().get(pk=incident.pk)
        ends = state == State.RESOLVED and not row.is_over
        row.state = state
        row.resolved_at = timezone.now() if state == State.RESOLVED else None
        row.save(update_fields=["state", "resolved_at", "updated_at"])
        IncidentUpdate.objects.create(incident=row, state=state, text=text, author_login=login)
        told = _answer_all(row, text) if ends else 0
        _audit(row, acting_user, "incident.tell", state=state, told=told)
        incident_changed.send(sender=Incident, incident=row, event="resolved" if ends else "updated")
        _changed()
    incident.refresh_from_db()


def _answer_all(incident: Incident, text: str) -> int:
    waiting = incident.tickets.filter(state__in=Ticket.OPEN).select_related("account")
    words = _("L'incident « %(title)s » est terminé.\n\n%(text)s") % {"title": incident.title, "text": text}
    for ticket in waiting:
        ticket_tell(ticket=ticket, text=words, state=Ticket.State.RESOLVED)
    return len(waiting)


def tickets_attach(*, incident: Incident, tickets: Sequence[Ticket], acting_user: Actor | None) -> None:
    """These requests are about the incident: their people are told so once, and once when it is over."""
    with transaction.atomic():
        for ticket in tickets:
            if ticket.incident_id == incident.pk or not ticket.is_open:
                continue
            ticket.incident = incident
            ticket.save(update_fields=["incident", "updated_at"])
            step(ticket, TicketEvent.Kind.ATTACHED, None, {"incident": [None, incident.title]})
            words = _(
                "Votre demande est liée à un incident en cours : « %(title)s ». Vous serez prévenu quand il sera terminé."
            )
            ticket_tell(
                ticket=ticket, text=words % {"title": incident.title}, state=Ticket.State.IN_PROGRESS, mail=False
            )
            detail = {"number": ticket.number, "incident": incident.title}
            audit_record(
                acting_user=acting_user, action="ticket.attach", target=ticket.login or ticket.number, **detail
            )


def ticket_detach(*, ticket: Ticket, acting_user: Account) -> None:
    """It was about something else."""
    with transaction.atomic():
        title = str(ticket.incident)
        ticket.incident = None
        ticket.save(update_fields=["incident", "updated_at"])
        step(ticket, TicketEvent.Kind.DETACHED, acting_user, {"incident": [title, None]})
        detail = {"number": ticket.number, "incident": title}
        audit_record(acting_user=acting_user, action="ticket.detach", target=ticket.login or ticket.number, **detail)


def incident_join(*, incident: Incident, account: Account) -> Ticket:
    """« Moi aussi » : a request attached to the incident, once a person; nobody has to write anything."""
    known = Ticket.objects.filter(incident=incident, account=account, state__in=Ticket.OPEN).first()
    if known is not None:
        return known
    with transaction.atomic():
        text = _("Je suis aussi touché par cet incident.")
        ticket = ticket_open(
            kind=Ticket.Kind.OTHER, subject=incident.title, text=text, account=account, opened_by=account
        )
        tickets_attach(incident=incident, tickets=[ticket], acting_user=account)
    return ticket


def incidents_roll() -> int:
    """What was announced begins, a maintenance whose time has passed is over; returns how many moved."""
    now, moved = timezone.now(), 0
    for incident in Incident.objects.filter(state=State.PLANNED, starts_at__lte=now):
        incident_tell(incident=incident, state=State.OPEN, text=_("Commencé comme prévu."), acting_user=None)
        moved += 1
    over = Incident.objects.filter(severity=Severity.MAINTENANCE, ends_at__lte=now).exclude(
        state__in=[State.RESOLVED, State.PLANNED]
    )
    for incident in over:
        incident_tell(incident=incident, state=State.RESOLVED, text=_("Terminé comme prévu."), acting_user=None)
        moved += 1
    return moved


def proposals_find() -> list[IncidentProposal]:
    """Each minute: requests of at least five people within a quarter of an hour that resemble each other and are attached to
    nothing. A group proposed before takes its new requests; support is told of each new proposal."""
    since = timezone.now() - WINDOW
    rows = Ticket.objects.filter(created_at__gte=since, incident=None, state__in=Ticket.OPEN, account__isnull=False)
    found: list[IncidentProposal] = []
    for organisation in Organisation.objects.all():
        tickets = rows.filter(organisation=organisation).order_by("pk")
        for group in _gathered(list(tickets)):
            if len({ticket.account_id for ticket in group}) >= GATHERED:
                found += _propose(organisation, group)
    return found


def _gathered(tickets: Sequence[Ticket]) -> list[list[Ticket]]:
    """Each ticket joins the first group one of whose tickets it resembles."""
    groups: list[list[tuple[Ticket, list[str]]]] = []
    for ticket in tickets:
        words = words_of(f"{ticket.subject} {ticket.text[:TEXT_READ]}")
        group = next((g for g in groups if any(resemble(words, other, SAME) for _, other in g)), None)
        if group is None:
            groups.append(group := [])
        group.append((ticket, words))
    return [[ticket for ticket, _words in group] for group in groups]


def _propose(organisation: Organisation, tickets: Sequence[Ticket]) -> list[IncidentProposal]:
    known = IncidentProposal.objects.filter(tickets__in=tickets).order_by("-pk").first()
    if known is not None:
        if known.state == IncidentProposal.State.OPEN:
            known.tickets.add(*tickets)
        return []
    subjects = sorted((ticket.subject for ticket in tickets), key=len)
    proposal = IncidentProposal.objects.create(organisation=organisation, title=subjects[len(subjects) // 2])
    proposal.tickets.set(tickets)
    tasks.announce_proposal.defer(proposal_id=proposal.pk)
    return [proposal]


def proposal_accept(*, proposal: IncidentProposal, notice: Notice, acting_user: Actor) -> Incident:
    """Declare the incident with the requests that gathered."""
    with transaction.atomic():
        incident = incident_declare(
            organisation=proposal.organisation,
            notice=notice,
            acting_user=acting_user,
            tickets=list(proposal.tickets.select_related("account")),
        )
        proposal.state, proposal.incident = IncidentProposal.State.ACCEPTED, incident
        proposal.save(update_fields=["state", "incident", "updated_at"])
    return incident


def proposal_dismiss(*, proposal: IncidentProposal, acting_user: Actor) -> None:
    with transaction.atomic():
        proposal.state = IncidentProposal.State.DISMISSED
        proposal.save(update_fields=["state", "updated_at"])
        audit_record(acting_user=acting_user, action="incident.dismiss", target=proposal.title)


def _audit(incident: Incident, acting_user: Actor | None, action: str, **detail: Any) -> None:
    domain = incident.organisation.mail_domain
    audit_record(acting_user=acting_user, action=action, target=incident.title, within=domain, **detail)


def _changed() -> None:
    """Banners and the status page follow, once the change is certain."""
    tasks.publish_status.defer()
    transaction.on_commit(lambda: cache.delete(BANNERS))
