"""Reads of the single sign-on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from ecritoire.accounts.models import Account, SignInEvent
from ecritoire.common.roles import Action
from ecritoire.portal.models import Service

from .claims import CATALOGUE, Claim


@dataclass(frozen=True)
class Connected:
    """A service that knows a person: what it may learn, when they last entered, and how many sessions are open."""

    service: Service
    claims: list[Claim]
    last_entry: datetime | None
    open_sessions: int


def connected_services(*, account: Account) -> list[Connected]:
    """Services the person has entered or agreed to, the latest first. One query."""
    own = Q(sessions__account=account)
    rows = Service.objects.filter(own | Q(consents__account=account)).annotate(
        last_entry=Max("sessions__created_at", filter=own),
        open_sessions=Count("sessions", filter=own & Q(sessions__ended_at=None), distinct=True),
        agreed=Count("consents", filter=Q(consents__account=account), distinct=True),
    )
    return [
        Connected(row, [CATALOGUE[name] for name in row.claims if name in CATALOGUE], row.last_entry, row.open_sessions)
        for row in rows.order_by("-last_entry")
        if row.open_sessions or row.agreed
    ]


def services_managed(viewer: Account) -> QuerySet[Service]:
    """Those the viewer may change: the académie's own for its administrators, the installation's for who looks after it."""
    mine = Q(organisation=viewer.organisation_id) if viewer.may(Action.SERVICE_MANAGE) else Q(pk__in=[])
    return Service.objects.filter(mine | Q(organisation=None) if viewer.may(Action.PLATFORM_MANAGE) else mine)


def services_counted(viewer: Account) -> QuerySet[Service]:
    """For the console, with how many people are in each now. One query."""
    open_sessions = Count("sessions", filter=Q(sessions__ended_at=None), distinct=True)
    return services_managed(viewer).annotate(open_sessions=open_sessions).order_by("order", "name")


def sign_ins_to(service: Service, *, viewer: Account) -> QuerySet[SignInEvent]:
    """Who of the viewer's académie entered lately; nobody to those who may not know its people."""
    events = SignInEvent.objects.filter(protocol=SignInEvent.Protocol.SSO, application=service.name)
    if not viewer.may(Action.SERVICE_MANAGE):
        return events.none()
    events = events.filter(account__person__organisation=viewer.organisation_id)
    return events.select_related("account__person")
