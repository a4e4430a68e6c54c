"""Tokens of other programs: made, shown once, checked, withdrawn."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from django.conf import settings
from django.core.cache import cache as counters
from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.models import ApiClient, ApiScope
from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import FeedSource, Organisation
from ecritoire.directory.services.client_sources import client_source_make

from .limits import MINUTE, count

PREFIX, BYTES = "ecr_", 32
USE_NOTED_EVERY = dt.timedelta(minutes=1)
MISTAKES_A_MINUTE = 30


@dataclass(frozen=True)
class BearerRefused:
    """``reason`` is for the answer; it tells nothing of which tokens exist."""

    reason: Literal["missing", "invalid", "network", "throttled"]


@cache
def _key() -> bytes:
    return settings.CONFIG.secret("app-password-key").encode()


def token_hash(token: str) -> str:
    """Apart from the secrets of mail applications, which share the key: a hash of one is never one of the other."""
    return hmac.new(_key(), b"api-client\0" + token.encode(), hashlib.sha256).hexdigest()


def api_client_create(
    *,
    organisation: Organisation,
    name: str,
    scopes: Sequence[ApiScope],
    networks: Sequence[str],
    acting_user: Actor | None,
) -> tuple[ApiClient, str]:
    """A client, with a source of its own if it feeds the directory, and its token: shown now, never again."""
    token = PREFIX + secrets.token_urlsafe(BYTES)
    with transaction.atomic():
        client = ApiClient.objects.create(
            organisation=organisation,
            source=_source(organisation, name, scopes),
            name=name,
            scopes=list(scopes),
            networks=list(networks),
            token_hash=token_hash(token),
            token_made_at=timezone.now(),
            created_by=acting_user.login if acting_user else "system",
        )
        audit_record(
            acting_user=acting_user,
            action="api_client.create",
            target=client.login,
            scopes=client.scopes,
            networks=client.networks,
        )
    return client, token


def _source(organisation: Organisation, name: str, scopes: Sequence[str]) -> FeedSource | None:
    kinds: dict[str, Literal["scim", "rest"]] = {"scim": "scim", "staff": "rest"}
    kind = next((kinds[family] for scope in scopes if (family := scope.partition(":")[0]) in kinds), None)
    return client_source_make(organisation=organisation, name=name, kind=kind) if kind else None


def api_client_update(
    *, client: ApiClient, scopes: Sequence[ApiScope], networks: Sequence[str], acting_user: Actor
) -> None:
    before = {"scopes": client.scopes, "networks": client.networks}
    after = {"scopes": [str(scope) for scope in scopes], "networks": list(networks)}
    if before == after:
        return
    with transaction.atomic():
        client.scopes, client.networks = after["scopes"], after["networks"]
        client.source = client.source or _source(client.organisation, client.name, after["scopes"])
        client.save(update_fields=["scopes", "networks", "source", "updated_at"])
        audit_record(
            acting_user=acting_user, action="api_client.update", target=client.login, before=before, after=after
        )


def api_client_rotate(*, client: ApiClient, acting_user: Actor) -> str:
    """A new token in place of the old one, which opens nothing from now on."""
    token = PREFIX + secrets.token_urlsafe(BYTES)
    with transaction.atomic():
        client.token_hash, client.token_made_at = token_hash(token), timezone.now()
        client.save(update_fields=["token_hash", "token_made_at", "updated_at"])
        audit_record(acting_user=acting_user, action="api_client.rotate", target=client.login)
    return token


def api_client_revoke(*, client: ApiClient, acting_user: Actor) -> None:
    """From now on the client opens nothing; what it said stays said. Again: nothing more happens."""
    if client.revoked_at:
        return
    with transaction.atomic():
        client.revoked_at = timezone.now()
        client.save(update_fields=["revoked_at", "updated_at"])
        audit_record(acting_user=acting_user, action="api_client.revoke", target=client.login)


def bearer_check(*, authorization: str, address: str) -> ApiClient | BearerRefused:
    """Whom an ``Authorization`` header lets in, from ``address``. One query.

    The token is looked up by its keyed hash, in an index: how long that takes says nothing about any token. Once an
    address has made too many mistakes in a minute the rest is refused unread, so that guessing costs us nothing.
    """
    mistakes = f"limits:bearer:{hashlib.sha256(address.encode()).hexdigest()}"
    if int(counters.get(mistakes, 0)) >= MISTAKES_A_MINUTE:
        return BearerRefused("throttled")
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return BearerRefused("missing")
    found = ApiClient.objects.filter(token_hash=token_hash(token.strip()), revoked_at__isnull=True)
    client = found.select_related("organisation", "source").first()
    if client is None:
        count(mistakes, MINUTE)
        return BearerRefused("invalid")
    if client.networks and not _inside(address, client.networks):
        count(mistakes, MINUTE)
        return BearerRefused("network")
    _note_use(client, address)
    return client


def _inside(address: str, networks: Sequence[str]) -> bool:
    try:
        asked = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(asked in ipaddress.ip_network(network, strict=False) for network in networks)


def _note_use(client: ApiClient, address: str) -> None:
    """At most one write a minute."""
    now = timezone.now()
    if client.last_used_at and now - client.last_used_at < USE_NOTED_EVERY and client.last_used_address == address:
        return
    client.last_used_at, client.last_used_address = now, address or None
    client.save(update_fields=["last_used_at", "last_used_address"])
