"""Passkeys (WebAuthn): discoverable, with the person verified by the device, so that one is two factors by itself."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ecritoire.accounts.models import Account, Passkey
from ecritoire.common.services import audit_record
from ecritoire.directory.organisations import organisation_by_host

from .factor_keys import user_handle

LIMIT = 10
State = dict[str, Any]
VERIFIED = UserVerificationRequirement.REQUIRED


class PasskeyRefused(Exception):
    """The key's answer does not hold; the message is for the log, never for the person."""


def relying_host(request: HttpRequest) -> str:
    """The name a key is bound to: that of the pages the browser shows, each académie's own or the installation's."""
    host = request.get_host().partition(":")[0].lower()
    return host if host in settings.CONFIG.academy_hosts else str(settings.CONFIG.site.host)


def _server(host: str) -> Fido2Server:
    own = settings.CONFIG.site.host
    accepted = {host, "localhost", "127.0.0.1"} if host == own else {host}
    rp = PublicKeyCredentialRpEntity(name=organisation_by_host(host).name, id=host)
    return Fido2Server(
        rp,
        verify_origin=lambda origin: origin in settings.CSRF_TRUSTED_ORIGINS and urlsplit(origin).hostname in accepted,
    )


def registration_begin(*, account: Account, host: str) -> tuple[dict[str, Any], State]:
    """The browser's options and the state to keep until it answers."""
    user = PublicKeyCredentialUserEntity(name=account.login, id=user_handle(account), display_name=account.display_name)
    options, state = _server(host).register_begin(
        user,
        _credentials(account),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=VERIFIED,
    )
    return dict(options.public_key), dict(state)


def registration_finish(*, account: Account, state: State, answer: str, name: str, host: str) -> Passkey:
    """Keep the new key. Raises PasskeyRefused."""
    from .factors import factor_announce

    try:
        data = _server(host).register_complete(state, json.loads(answer))
    except (ValueError, TypeError, KeyError, AssertionError) as error:
        raise PasskeyRefused(str(error)) from error
    credential = data.credential_data
    if credential is None:
        raise PasskeyRefused("no credential")
    with transaction.atomic():
        identifier = websafe_encode(credential.credential_id)
        Account.objects.select_for_update().get(pk=account.pk)
        if account.passkeys.count() >= LIMIT or Passkey.objects.filter(credential_id=identifier).exists():
            raise PasskeyRefused("too many keys, or one known already")
        passkey = Passkey.objects.create(
            account=account,
            name=name,
            credential_id=identifier,
            credential=bytes(credential),
            sign_count=data.counter,
        )
        audit_record(acting_user=account, action="factor.add", target=account.login, kind="passkey", name=name)
        factor_announce(account=account, change="passkey_added")
    return passkey


def assertion_begin(*, account: Account | None, host: str) -> tuple[dict[str, Any], State]:
    """Options for one account's keys, or for whoever holds a key of ours."""
    options, state = _server(host).authenticate_begin(_credentials(account) if account else None, VERIFIED)
    return dict(options.public_key), dict(state)


def passkey_named(answer: str) -> Passkey | None:
    """The key an answer says it comes from; nothing is proven yet."""
    try:
        identifier = str(json.loads(answer)["id"])
    except (ValueError, TypeError, KeyError):
        return None
    return Passkey.objects.select_related("account__person").filter(credential_id=identifier).first()


def passkey_verify(*, passkey: Passkey, state: State, answer: str, host: str) -> None:
    """Check signature, origin, verification of the person and sign counter. Raises PasskeyRefused."""
    try:
        response = AuthenticationResponse.from_dict(json.loads(answer))
        _server(host).authenticate_complete(state, [AttestedCredentialData(bytes(passkey.credential))], response)
    except (ValueError, TypeError, KeyError, AssertionError) as error:
        raise PasskeyRefused(str(error)) from error
    if response.response.user_handle not in {None, user_handle(passkey.account)}:
        raise PasskeyRefused("the key was made for somebody else")
    _count(passkey, response.response.authenticator_data.counter)


def _count(passkey: Passkey, counter: int) -> None:
    """A counter that does not grow is a copied key; keys that do not count always say 0."""
    known = Passkey.objects.filter(pk=passkey.pk)
    newer = known.filter(sign_count__lt=counter) if counter else known.filter(sign_count=0)
    if not newer.update(sign_count=counter, last_used_at=timezone.now()):
        audit_record(
            acting_user=None, action="factor.copied", target=passkey.account.login, name=passkey.name, counter=counter
        )
        raise PasskeyRefused("the key's counter went back: it has been copied")


def passkey_rename(*, passkey: Passkey, name: str) -> None:
    passkey.name = name
    passkey.save(update_fields=["name", "updated_at"])


def _credentials(account: Account) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(bytes(row.credential)) for row in account.passkeys.all()]
