"""Whose account the upstream provider speaks of. An account is found, never made."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction

from ecritoire.accounts.lifecycle import OPEN
from ecritoire.accounts.models import Account
from ecritoire.accounts.services.sign_in import login_resolve
from ecritoire.common.services import audit_record
from ecritoire.portal.models import UpstreamIdentity


def account_find(*, claims: dict[str, Any]) -> Account | None:
    """The activated account of this subject; at their first visit, the one their verified address or ``uid`` names."""
    issuer, subject = settings.CONFIG.upstream.issuer, str(claims["sub"])[:255]
    known = UpstreamIdentity.objects.select_related("account__person").filter(issuer=issuer, subject=subject).first()
    if known is not None:
        return known.account if known.account.is_activated else None
    account = _named(claims)
    if account is None or account.upstream_identities.filter(issuer=issuer).exists():
        return None
    with transaction.atomic():
        UpstreamIdentity.objects.create(issuer=issuer, subject=subject, account=account)
        audit_record(acting_user=account, action="upstream.tie", target=account.login, issuer=issuer)
    return account


def _named(claims: dict[str, Any]) -> Account | None:
    email = str(claims.get("email", "")).lower() if claims.get("email_verified") is True else ""
    names = [email, login_resolve(str(claims.get("uid", "")))]
    active = Account.objects.filter(state__in=OPEN).select_related("person")
    return next((found for name in names if name and (found := active.filter(login=name).first())), None)
