"""What stands beside a ticket: the person's other requests, links, who follows it, what may be done to the account."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from ecritoire.accounts.models import Account
from ecritoire.support.desk_forms import LinkForm, OtherForm, SplitForm, WatcherForm
from ecritoire.support.models import Ticket, TicketLink, TicketMessage
from ecritoire.support.selectors import tickets_visible_to
from ecritoire.support.services.account_acts import acts_for

OTHERS = 8
Side, Audience = TicketMessage.Side, TicketMessage.Audience


def side(ticket: Ticket, viewer: Account, said: list[TicketMessage]) -> dict[str, Any]:
    splittable = [row for row in said if row.side == Side.PERSON and row.audience == Audience.PUBLIC]
    return {
        "others": _others(ticket, viewer),
        "merged": ticket.merged.order_by("pk"),
        "links": TicketLink.objects.filter(Q(ticket=ticket) | Q(other=ticket)).select_related("ticket", "other"),
        "watchers": ticket.watchers.select_related("account__person"),
        "acts": acts_for(agent=viewer, ticket=ticket),
        "link_form": LinkForm(viewer=viewer, prefix="link"),
        "merge_form": OtherForm(viewer=viewer, prefix="merge"),
        "watch_form": WatcherForm(ticket=ticket, prefix="watch"),
        "split_form": SplitForm(said=splittable, prefix="split") if splittable else None,
        "opinion": getattr(ticket, "satisfaction", None),
        "last_seen": max((row.pk for row in said), default=0),
    }


def _others(ticket: Ticket, viewer: Account) -> list[Ticket]:
    """The same person's, the latest first."""
    if ticket.account_id is None and not ticket.login:
        return []
    who = Q(account=ticket.account_id) if ticket.account_id else Q(account=None, login=ticket.login)
    rows = tickets_visible_to(viewer).filter(who).exclude(pk=ticket.pk)
    return list(rows.order_by("-created_at")[:OTHERS])
