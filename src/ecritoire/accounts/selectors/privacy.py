"""Reads of the register of personal data requests."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone

from ecritoire.accounts.models import Account, PrivacyRequest
from ecritoire.common.roles import Action
from ecritoire.directory.models import Organisation

from .holders import accounts_that_may

SOON = dt.timedelta(days=7)


def privacy_requests_of(account: Account) -> QuerySet[PrivacyRequest]:
    return account.privacy_requests.order_by("-id")


def privacy_register(viewer: Account) -> QuerySet[PrivacyRequest]:
    """The requests of the viewer's académie; whoever manages accounts sees the rectifications alone."""
    rows = PrivacyRequest.objects.filter(account__person__organisation=viewer.person.organisation_id)
    if not viewer.may(Action.PRIVACY_MANAGE):
        rows = rows.filter(kind=PrivacyRequest.Kind.RECTIFICATION)
    return rows.select_related("account__person")


def by_urgency(rows: QuerySet[PrivacyRequest]) -> QuerySet[PrivacyRequest]:
    """What is due first comes first."""
    return rows.order_by("due_on", "id")


def due_soon(organisation: Organisation, today: dt.date | None = None) -> QuerySet[PrivacyRequest]:
    """Open requests whose month ends within a week, or has ended."""
    limit = (today or timezone.localdate()) + SOON
    rows = PrivacyRequest.objects.filter(state=PrivacyRequest.State.OPEN, due_on__lte=limit)
    return by_urgency(rows.filter(account__person__organisation=organisation).select_related("account__person"))


def privacy_officers(organisation: Organisation) -> QuerySet[Account]:
    """Who answers requests in an académie."""
    return accounts_that_may(Action.PRIVACY_MANAGE, organisation=organisation.pk)
