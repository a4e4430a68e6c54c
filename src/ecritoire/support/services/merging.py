"""Requests that are one, that go together, or that were two in one."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account
from ecritoire.support.models import Ticket, TicketEvent, TicketLink, TicketMessage

from .answering import ticket_tell
from .opening import ticket_open
from .steps import Changes, audit, move, step

State, Kind, Side, Audience = Ticket.State, TicketEvent.Kind, TicketMessage.Side, TicketMessage.Audience


class Impossible(Exception):
    """Says why, in words for the agent."""


def ticket_merge(*, ticket: Ticket, into: Ticket, acting_user: Account) -> None:
    """``ticket`` is closed and leads to ``into``, where its messages are read too; the person is told. Raises Impossible.

    Only between requests of one person: otherwise one would read the other's words.
    """
    with transaction.atomic():
        rows = Ticket.objects.select_for_update().filter(pk__in=[ticket.pk, into.pk]).order_by("pk")
        locked = {row.pk: row for row in rows}
        _may_merge(locked[ticket.pk], locked[into.pk])
        before, others = State(locked[ticket.pk].state), list(ticket.merged.all())
        ticket_tell(
            ticket=ticket,
            text=_("Votre demande %(one)s est regroupée avec la demande %(other)s : la suite s'y trouve.")
            % {"one": ticket.number, "other": into.number},
            state=State.CLOSED,
        )
        for row in (ticket, *others):
            row.merged_into = into
            row.save(update_fields=["merged_into", "updated_at"])
        detail: Changes = {"state": [before, State.CLOSED], "merged_into": ["", into.number]}
        step(ticket, Kind.MERGED, acting_user, detail)
        step(into, Kind.MERGED, acting_user, {"merged": ["", ticket.number]})
        audit(ticket, acting_user, "ticket.merge", into=into.number)


def _may_merge(ticket: Ticket, into: Ticket) -> None:
    if ticket.pk == into.pk:
        raise Impossible(_("C'est la même demande."))
    if ticket.organisation_id != into.organisation_id:
        raise Impossible(_("Cette demande est d'une autre académie."))
    if ticket.merged_into_id or into.merged_into_id:
        raise Impossible(_("L'une des deux est déjà regroupée avec une autre."))
    if ticket.account_id != into.account_id or (ticket.account_id is None and ticket.login != into.login):
        raise Impossible(_("Elles sont de deux personnes : liez-les, ou rattachez-les à un incident."))
    if into.state == State.CLOSED:
        raise Impossible(_("La demande %(number)s est close.") % {"number": into.number})


def ticket_unmerge(*, ticket: Ticket, acting_user: Account) -> None:
    """Undo, as long as nobody wrote in either since. Raises Impossible."""
    with transaction.atomic():
        row = Ticket.objects.select_for_update(of=("self",)).select_related("merged_into").get(pk=ticket.pk)
        into, event = row.merged_into, ticket.events.filter(kind=Kind.MERGED).last()
        if into is None or event is None:
            raise Impossible(_("Cette demande n'est pas regroupée."))
        if written_since(row, into, event.created_at):
            raise Impossible(_("On a écrit depuis : elles ne peuvent plus être séparées."))
        row.merged_into = None
        row.save(update_fields=["merged_into", "updated_at"])
        back = State(event.detail.get("state", [State.IN_PROGRESS])[0])
        move(row, back)
        step(row, Kind.UNMERGED, acting_user, {"state": [State.CLOSED, back], "merged_into": [into.number, ""]})
        step(into, Kind.UNMERGED, acting_user, {"merged": [row.number, ""]})
        audit(row, acting_user, "ticket.unmerge", into=into.number)


def written_since(ticket: Ticket, into: Ticket, moment: dt.datetime) -> bool:
    both = TicketMessage.objects.filter(Q(ticket=ticket) | Q(ticket=into), created_at__gt=moment)
    return both.exclude(side=Side.SYSTEM).exists()


def ticket_link(*, ticket: Ticket, other: Ticket, kind: TicketLink.Kind, acting_user: Account) -> None:
    """Raises Impossible for itself, another académie's, or a pair that is linked already."""
    if ticket.pk == other.pk:
        raise Impossible(_("C'est la même demande."))
    if ticket.organisation_id != other.organisation_id:
        raise Impossible(_("Cette demande est d'une autre académie."))
    with transaction.atomic():
        pair = Q(ticket=ticket, other=other) | Q(ticket=other, other=ticket)
        if TicketLink.objects.filter(pair).exists():
            raise Impossible(_("Elles sont déjà liées."))
        TicketLink.objects.create(ticket=ticket, other=other, kind=kind)
        step(ticket, Kind.LINKED, acting_user, {kind: ["", other.number]})
        step(other, Kind.LINKED, acting_user, {kind: ["", ticket.number]})
        audit(ticket, acting_user, "ticket.link", other=other.number, kind=kind)


def ticket_unlink(*, link: TicketLink, acting_user: Account) -> None:
    with transaction.atomic():
        for one, other in ((link.ticket, link.other), (link.other, link.ticket)):
            step(one, Kind.UNLINKED, acting_user, {link.kind: [other.number, ""]})
        audit(link.ticket, acting_user, "ticket.unlink", other=link.other.number)
        link.delete()


def ticket_split(*, message: TicketMessage, subject: str, acting_user: Account) -> Ticket:
    """A request of its own from something the person wrote; the message stays where it was said too. Raises Impossible."""
    ticket = message.ticket
    if message.side != Side.PERSON or message.audience != Audience.PUBLIC:
        raise Impossible(_("Seul un message de la personne peut devenir une demande."))
    with transaction.atomic():
        made = ticket_open(
            kind=Ticket.Kind(ticket.kind),
            subject=subject,
            text=message.text,
            account=ticket.account,
            login=ticket.login,
            contact=ticket.contact,
            opened_by=acting_user,
            channel=Ticket.Channel(ticket.channel),
        )
        TicketLink.objects.create(ticket=made, other=ticket, kind=TicketLink.Kind.SPLIT)
        step(ticket, Kind.SPLIT, acting_user, {"split": ["", made.number]})
        audit(ticket, acting_user, "ticket.split", made=made.number)
    return made
