"""Opening and closing people's sessions in services."""

from __future__ import annotations

import datetime as dt
import secrets

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from oauth2_provider.models import AccessToken, Grant, RefreshToken

from ecritoire.accounts.models import Account, AccountSession, SignInEvent
from ecritoire.accounts.services.history import sign_in_record
from ecritoire.common.requests import AccountRequest, client_address
from ecritoire.portal.models import Service, ServiceSession, TokenFamily

BOND = "sso"


def amr_of(session: SessionBase) -> list[str]:
    """How the person signed in (RFC 8176): ``pwd``, and what else if a second factor was asked."""
    return list(session.get("amr") or ["pwd"])


def signed_in_at(session: SessionBase) -> dt.datetime:
    return dt.datetime.fromtimestamp(session.get("started", 0), dt.UTC)


def bond_of(session: SessionBase) -> str:
    """What ties service sessions to this web session."""
    return str(session.setdefault(BOND, secrets.token_urlsafe(24)))


def service_session_open(
    *, request: AccountRequest, service: Service, fresh: bool = False, **values: str
) -> ServiceSession:
    """A person enters ``service``; noted in their history. ``values`` are the protocol's own fields."""
    row = ServiceSession.objects.create(
        service=service,
        account=request.user,
        session_key=request.session.session_key or "",
        bond=bond_of(request.session),
        signed_in_at=signed_in_at(request.session),
        amr=amr_of(request.session),
        was_fresh=fresh,
        **values,
    )
    sign_in_record(
        login=request.user.login,
        account=request.user,
        protocol=SignInEvent.Protocol.SSO,
        result=SignInEvent.Result.SUCCESS,
        address=client_address(request),
        application=service.name,
    )
    return row


def service_session_rebind(*, session: SessionBase) -> None:
    """The web session has a new key: what was opened from it follows."""
    if BOND in session and session.session_key:
        ServiceSession.objects.filter(bond=session[BOND], ended_at=None).update(session_key=session.session_key)


def service_sessions_live(*, account: Account) -> QuerySet[ServiceSession]:
    return ServiceSession.objects.filter(account=account, ended_at=None)


def service_sessions_end(*, sessions: QuerySet[ServiceSession], tell: bool = True) -> int:
    """Close them, make their tokens worthless at once, and have each service told. Returns how many."""
    from ecritoire.portal.tasks import send_logout

    with transaction.atomic():
        rows = list(sessions.filter(ended_at=None).select_for_update(of=("self",)))
        if not rows:
            return 0
        ids = [row.pk for row in rows]
        ServiceSession.objects.filter(pk__in=ids).update(ended_at=timezone.now())
        for family in TokenFamily.objects.filter(session__in=ids, family__isnull=False):
            RefreshToken.revoke_family(family.family)
        for row in rows if tell else []:
            send_logout.defer(service_session_id=row.pk)
    return len(rows)


def tokens_revoke(*, account: Account, service: Service | None = None) -> None:
    """Every OAuth code and token of a person, for one service or all."""
    only: dict[str, Service] = {"application__client__service": service} if service else {}
    with transaction.atomic():
        Grant.objects.filter(user=account, **only).delete()
        live = RefreshToken.objects.filter(user=account, revoked=None, **only)
        live.update(revoked=timezone.now(), access_token=None)
        AccessToken.objects.filter(user=account, **only).delete()


def service_access_withdraw(*, account: Account, service: Service) -> None:
    """What a person asks for on « Services reliés »: no consent, no token, no session left."""
    with transaction.atomic():
        account.consents.filter(service=service).delete()
        service_sessions_end(sessions=service_sessions_live(account=account).filter(service=service))
        tokens_revoke(account=account, service=service)


def abandoned_sessions() -> QuerySet[ServiceSession]:
    """Those whose web session is over without anybody having signed out."""
    web = AccountSession.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    return ServiceSession.objects.filter(~Exists(web), ended_at=None)
