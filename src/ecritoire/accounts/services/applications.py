"""From the request for a mail application to its secret. What the DSI trusts needs no decision."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.models import Account, AppFamily, ApplicationRequest, AppPassword, Population, TrustedFamily
from ecritoire.accounts.policies import populations_of
from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import Organisation

from .app_passwords import app_password_create

OPEN_LIMIT = 10
UNUSED = dt.timedelta(days=30)
State = ApplicationRequest.State
OPEN = (State.WAITING, State.APPROVED)


class TooManyRequests(Exception):
    """Ten are open already: one must be finished or given up first."""


class AlreadyDecided(Exception):
    """Somebody else decided, or the person gave up, in the meantime."""


class OwnRequest(Exception):
    """Nobody decides on their own request."""


def trusted_families(account: Account) -> set[str]:
    """The families the DSI trusts for all, or for each population of ``account`` (the strictest holds)."""
    trusted: dict[str, set[str]] = {}
    for family, population in account.person.organisation.trusted_families.values_list("family", "population"):
        trusted.setdefault(family, set()).add(population)
    own = {str(population) for population in populations_of(account)}
    return {family for family, populations in trusted.items() if "" in populations or own <= populations}


def application_request(
    *, account: Account, name: str, family: str, protocols: list[str], reason: str = ""
) -> ApplicationRequest:
    """Ask for an application: approved at once when its family is trusted. Raises TooManyRequests."""
    approved = family in trusted_families(account)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        if account.application_requests.filter(state__in=OPEN).count() >= OPEN_LIMIT:
            raise TooManyRequests
        row = ApplicationRequest.objects.create(
            account=account,
            name=name,
            family=family,
            protocols=protocols,
            reason=reason,
            state=State.APPROVED if approved else State.WAITING,
            decided_at=timezone.now() if approved else None,
        )
        audit_record(
            acting_user=account,
            action="application.request",
            target=account.login,
            name=name,
            family=family,
            protocols=protocols,
            approved=approved,
        )
    return row


def application_decide(*, request: ApplicationRequest, approve: bool, text: str, acting_user: Account) -> None:
    """The DSI's answer; the person is told by mail. Raises AlreadyDecided, OwnRequest."""
    from ecritoire.accounts.tasks.applications import send_decision

    if request.account_id == acting_user.pk:
        raise OwnRequest
    with transaction.atomic():
        row = _waiting(request)
        row.state = State.APPROVED if approve else State.REFUSED
        row.decided_by, row.decided_at, row.decision_text = acting_user, timezone.now(), text
        row.save(update_fields=["state", "decided_by", "decided_at", "decision_text"])
        action = "application.approve" if approve else "application.refuse"
        audit_record(acting_user=acting_user, action=action, target=row.account.login, name=row.name, text=text)
        send_decision.defer(request_id=row.pk)


def application_withdraw(*, request: ApplicationRequest) -> None:
    """Its owner gives up a request that waits, or that was approved and never used. Otherwise AlreadyDecided."""
    with transaction.atomic():
        row = ApplicationRequest.objects.select_for_update().get(pk=request.pk)
        if row.state not in OPEN:
            raise AlreadyDecided
        row.state = State.WITHDRAWN
        row.save(update_fields=["state"])


def application_secret_make(*, request: ApplicationRequest) -> tuple[AppPassword, str]:
    """The secret of an approved request, once. Raises AlreadyDecided (not approved, or made), TooManyAppPasswords."""
    with transaction.atomic():
        row = ApplicationRequest.objects.select_for_update().select_related("account__person").get(pk=request.pk)
        if row.state != State.APPROVED:
            raise AlreadyDecided
        app_password, secret = app_password_create(
            account=row.account, name=row.name, family=AppFamily(row.family), protocols=row.protocols
        )
        row.state, row.app_password = State.DONE, app_password
        row.save(update_fields=["state", "app_password"])
    return app_password, secret


def approvals_expire() -> int:
    """An approval nobody used for a month is over: the person asks again. Returns how many."""
    stale = ApplicationRequest.objects.filter(state=State.APPROVED, decided_at__lt=timezone.now() - UNUSED)
    return stale.update(state=State.WITHDRAWN)


def trusted_family_add(
    *, family: AppFamily, population: Population | None, organisation: Organisation, acting_user: Actor
) -> TrustedFamily:
    """Trust ``family`` in one académie for one population, or for all (None)."""
    with transaction.atomic():
        row, made = TrustedFamily.objects.get_or_create(
            organisation=organisation, family=family, population=population or ""
        )
        if made:
            audit_record(acting_user=acting_user, action="application.trust", target=family, population=row.population)
    return row


def trusted_family_remove(*, trusted: TrustedFamily, acting_user: Actor) -> None:
    """Requests for it wait for a decision from now on; secrets already given stay."""
    with transaction.atomic():
        family, population = trusted.family, trusted.population
        trusted.delete()
        audit_record(acting_user=acting_user, action="application.distrust", target=family, population=population)


def _waiting(request: ApplicationRequest) -> ApplicationRequest:
    locked = ApplicationRequest.objects.select_for_update(of=("self",)).select_related("account")
    row = locked.get(pk=request.pk)
    if row.state != State.WAITING:
        raise AlreadyDecided
    return row
