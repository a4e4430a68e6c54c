"""Signed answers: who the person is, or why we do not say."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from typing import Any

from saml2.saml import (
    AUTHN_PASSWORD_PROTECTED,
    NAMEID_FORMAT_EMAILADDRESS,
    NAMEID_FORMAT_PERSISTENT,
    NAMEID_FORMAT_TRANSIENT,
    NameID,
)

from ecritoire.accounts.models import Account
from ecritoire.common.requests import AccountRequest
from ecritoire.portal.models import SamlProvider, Service
from ecritoire.portal.sso.claims import CATALOGUE, claims_release, subject
from ecritoire.portal.sso.oidc.validator import TWO_FACTORS
from ecritoire.portal.sso.sessions import amr_of, bond_of, service_session_open, signed_in_at

from .provider import at, server_for
from .requests import Demand

SESSION_INDEX = re.compile(r'SessionIndex="([^"]+)"')


def name_id(*, account: Account, service: Service, wanted: str, bond: str) -> NameID:
    """An identifier of this service alone, lasting or of this session; the address only if it is registered for it."""
    lasting = subject(account=account, service=service)
    if wanted == NAMEID_FORMAT_EMAILADDRESS and "email" in service.claims:
        return NameID(format=wanted, text=account.login)
    if wanted == NAMEID_FORMAT_TRANSIENT:
        return NameID(format=wanted, text=hashlib.sha256(f"{lasting}:{bond}".encode()).hexdigest())
    return NameID(format=NAMEID_FORMAT_PERSISTENT, text=lasting)


def attributes(*, account: Account, service: Service) -> dict[str, list[str]]:
    released = claims_release(account=account, names=service.claims)
    return {
        CATALOGUE[name].saml: [str(one) for one in value] if isinstance(value, list) else [str(value)]
        for name, value in released.items()
    }


def assertion(*, request: AccountRequest, provider: SamlProvider, demand: Demand, fresh: bool) -> str:
    """The signed response, in base64; the person's entry is recorded."""
    service, bond = provider.service, bond_of(request.session)
    given = name_id(account=request.user, service=service, wanted=demand.name_id_format, bond=bond)
    until = dt.datetime.fromtimestamp(request.session["until"], dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    factors = amr_of(request.session)
    authn: dict[str, Any] = {
        "class_ref": TWO_FACTORS if set(factors) - {"pwd"} else AUTHN_PASSWORD_PROTECTED,
        "authn_auth": at("saml-metadata"),
        "authn_instant": int(signed_in_at(request.session).timestamp()),
    }
    response = server_for(provider, signed=False).create_authn_response(
        attributes(account=request.user, service=service),
        in_response_to=demand.request_id,
        destination=demand.consumer,
        sp_entity_id=provider.entity_id,
        name_id=given,
        authn=authn,
        sign_response=True,
        sign_assertion=True,
        session_not_on_or_after=until,
        best_effort=True,
    )
    found = SESSION_INDEX.search(str(response))
    if found is None:
        raise ValueError("pysaml2 made no assertion")
    service_session_open(
        request=request,
        service=service,
        fresh=fresh,
        handle=found[1],
        name_format=given.format,
        address=demand.consumer,
    )
    return encoded(response)


def refusal(*, provider: SamlProvider, demand: Demand, status: str, reason: str) -> str:
    """A signed response that says no, in base64."""
    server = server_for(provider, signed=False)
    return encoded(server.create_error_response(demand.request_id, demand.consumer, (status, reason), sign=True))


def encoded(message: object) -> str:
    return base64.b64encode(str(message).encode()).decode()
