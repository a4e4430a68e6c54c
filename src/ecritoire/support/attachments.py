"""Who may see which file of a request."""

from __future__ import annotations

import uuid

from django.db.models import Prefetch, Q, QuerySet

from ecritoire.accounts.models import Account
from ecritoire.common.roles import Action

from .models import Attachment, Ticket, TicketMessage


def attachments_of(ticket: Ticket, *, viewer: Account) -> QuerySet[Attachment]:
    """Those of the request; a mail as it arrived is for support alone."""
    rows = Attachment.objects.filter(Q(ticket=ticket) | Q(ticket__merged_into=ticket))
    handles = viewer.may(Action.TICKET_HANDLE) and viewer.pk != ticket.account_id
    return rows if handles else rows.filter(is_original=False)


def first_files(ticket: Ticket, *, viewer: Account) -> QuerySet[Attachment]:
    """What came with the first text."""
    return attachments_of(ticket, viewer=viewer).filter(ticket=ticket, message=None)


def with_files(said: QuerySet[TicketMessage], ticket: Ticket, *, viewer: Account) -> QuerySet[TicketMessage]:
    return said.prefetch_related(Prefetch("attachments", attachments_of(ticket, viewer=viewer)))


def attachment_visible_to(viewer: Account, key: uuid.UUID) -> Attachment | None:
    """The file, when ``viewer`` may read the message it came with."""
    from .selectors import messages_of, tickets_of, tickets_visible_to

    row = Attachment.objects.select_related("ticket").filter(key=key).first()
    if row is None:
        return None
    ticket = row.ticket
    sees = tickets_of(viewer).filter(pk=ticket.pk).exists() or tickets_visible_to(viewer).filter(pk=ticket.pk).exists()
    if not sees:
        return None
    read = Q(message=None) | Q(message__in=messages_of(ticket, viewer=viewer))
    return attachments_of(ticket, viewer=viewer).filter(read, pk=row.pk).first()
