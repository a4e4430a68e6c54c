"""Service tickets: valid once, for one address, for a few seconds."""

from __future__ import annotations

import datetime as dt
import re
import secrets

from django.utils import timezone

from ecritoire.common.requests import AccountRequest
from ecritoire.portal.models import Service, ServiceSession
from ecritoire.portal.selectors import service_open_to
from ecritoire.portal.sso.sessions import service_session_open

TICKET = re.compile(r"ST-[0-9a-zA-Z-]{1,60}")
LIFETIME = dt.timedelta(seconds=20)


class TicketRefused(Exception):
    """``code`` is CAS's; the text is for the service's administrator."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def ticket_issue(*, request: AccountRequest, service: Service, address: str, fresh: bool) -> str:
    ticket = f"ST-{secrets.token_hex(20)}"
    service_session_open(request=request, service=service, fresh=fresh, address=address, handle=ticket)
    return ticket


def ticket_redeem(*, ticket: str, address: str, renew: bool) -> ServiceSession:
    """The session a ticket opened. Whatever the outcome, the ticket is spent. Raises TicketRefused."""
    now = timezone.now()
    spent = ServiceSession.objects.filter(handle=ticket, service__protocol="cas", redeemed_at=None).update(
        redeemed_at=now
    )
    found = ServiceSession.objects.select_related("service", "account__person").filter(handle=ticket)
    session = found.first() if spent else None
    if session is None or session.created_at + LIFETIME < now:
        raise TicketRefused("INVALID_TICKET", "ticket unknown, spent or expired")
    if session.address != address:
        raise TicketRefused("INVALID_SERVICE", "the ticket was issued for another address")
    if renew and not session.was_fresh:
        raise TicketRefused("INVALID_TICKET", "the person did not give their password for this ticket")
    allowed = session.account.is_activated and service_open_to(service=session.service, account=session.account)
    if session.ended_at or not allowed:
        raise TicketRefused("INVALID_TICKET", "the session has ended")
    return session
