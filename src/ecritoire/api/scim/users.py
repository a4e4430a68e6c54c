"""Users written: each is one record of the client's source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from scim2_models import ConflictException, Resource, UniquenessException

from ecritoire.accounts.models import ApiClient
from ecritoire.api.engine import client_apply, record_of_key
from ecritoire.api.models import ScimUser
from ecritoire.directory.feed.record import Removal

from .words import external_id_of, record_of, refusal_of, said_of

Later = Callable[[Exception], None]
"""Takes an error to be raised once what was written is committed."""


def user_create(*, client: ApiClient, resource: Resource[Any], later: Later) -> ScimUser:
    """The client's user, and the person behind.

    When the engine cannot tell whether the person is known already, its question stays and the client is told so: nothing
    is made until somebody of the académie has answered; then the same request goes through.
    """
    external_id = external_id_of(resource) or None
    said = {"active": True} | said_of(resource)
    user = ScimUser(source=client.source, external_id=external_id, said=said)
    _check_free(user)
    user.key = _key(user)
    user.record = _say(client, [user])[user.key]
    if user.record is None or user.record.person_id is None:
        later(doubtful())
    else:
        _save(user)
    return user


def user_update(*, client: ApiClient, user: ScimUser, resource: Resource[Any], later: Later) -> None:
    """``user`` as ``resource`` says it is now; nothing is written when that changes nothing."""
    before = (user.external_id, user.said)
    user.external_id, user.said = external_id_of(resource) or None, said_of(resource)
    if before == (user.external_id, user.said):
        return
    _check_free(user)
    users_say(client=client, users=[user], later=later)


def users_say(*, client: ApiClient, users: Sequence[ScimUser], later: Later) -> None:
    """Save ``users`` as they now are and tell the engine, once for all."""
    records = _say(client, users)
    for user in users:
        user.record = records[user.key]
        _save(user)
        if user.record is None or user.record.person_id is None:
            later(doubtful())


def user_delete(*, client: ApiClient, user: ScimUser) -> None:
    """The client no longer knows them: what it gave ends. The account follows its own rules; nothing is erased here."""
    client_apply(client=client, entries=[Removal(user.key)], label=f"SCIM {_label(user)}")
    user.delete()


def _say(client: ApiClient, users: Sequence[ScimUser]) -> dict[str, Any]:
    entries = [record_of(user.key, user.said) for user in users]
    report = client_apply(client=client, entries=entries, label=f"SCIM {_label(users[0])}")
    if not report.ok:
        raise refusal_of(report.faults)
    return {user.key: record_of_key(client, user.key) for user in users}


def _label(user: ScimUser) -> str:
    """How the list of calls names one: by the client's key, or the person's name."""
    name = user.said.get("name", {})
    return user.external_id or f"{name.get('givenName', '')} {name.get('familyName', '')}"


def _save(user: ScimUser) -> None:
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:  # somebody said the same at the same time
        raise _taken(user.external_id) from error


def _check_free(user: ScimUser) -> None:
    if user.external_id and _others(user).filter(external_id=user.external_id).exists():
        raise _taken(user.external_id)


def _key(user: ScimUser) -> str:
    """The client's own key, so that whoever is deleted and made again is the same record; ours where it gave none."""
    if not user.external_id or _others(user).filter(key=user.external_id).exists():
        return str(user.uid)
    return user.external_id


def _others(user: ScimUser) -> Any:
    return ScimUser.objects.filter(source=user.source).exclude(uid=user.uid)


def _taken(external_id: str | None) -> UniquenessException:
    return UniquenessException(detail=_("externalId (%(value)r) : déjà pris.") % {"value": external_id})


def doubtful() -> ConflictException:
    words = _(
        "name, birthDate : quelqu'un de connu porte ce nom. Un administrateur doit dire si c'est la même personne ; "
        "refaites ensuite la même demande."
    )
    return UniquenessException(detail=words)
