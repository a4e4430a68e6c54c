"""Rows as SCIM resources. A page costs the same few queries whatever its length."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from scim2_models import Meta, Resource, ResponseParameters

from ecritoire.api.models import ScimUser, ScimValue
from ecritoire.directory.models import Assignment, EmailAddress, FeedSource, Person, Structure

from .columns import current, is_blocked
from .schemas import ENTERPRISE, POSTINGS, STAFF, STRUCTURE, FullGroup, FullUser
from .words import listed

Facts = dict[str, Any]


def users_drawn(users: Sequence[ScimUser], asked: ResponseParameters[Any] | None = None) -> list[Resource[Any]]:
    """Two queries more than the rows: addresses, workplaces."""
    people = [person.pk for user in users if (person := _person(user))]
    addresses: dict[int, list[EmailAddress]] = defaultdict(list)
    for address in EmailAddress.objects.filter(person__in=people, retired_at__isnull=True).order_by(
        "-is_primary", "pk"
    ):
        if address.person_id is not None:
            addresses[address.person_id].append(address)
    workplaces: dict[int, list[Assignment]] = defaultdict(list)
    found = current(Assignment.objects.filter(person__in=people)).select_related("structure")
    for assignment in found.order_by("-starts_on", "pk"):
        workplaces[assignment.person_id].append(assignment)
    return [_user(user, addresses, workplaces, asked) for user in users]


def _person(user: ScimUser) -> Person | None:
    return user.record.person if user.record else None


def _user(
    user: ScimUser,
    addresses: dict[int, list[EmailAddress]],
    workplaces: dict[int, list[Assignment]],
    asked: ResponseParameters[Any] | None,
) -> Resource[Any]:
    said, person = user.said, _person(user)
    account = getattr(person, "account", None)
    places = {place.structure.uai: place.structure for place in workplaces[person.pk]} if person else {}
    name = said.get("name", {})
    facts: Facts = {
        **said,
        "id": str(user.uid),
        "externalId": user.external_id or None,
        "userName": account.login if account else user.key,
        "displayName": f"{name.get('givenName', '')} {name.get('familyName', '')}",
        "emails": [
            {"value": row.address, "type": "work", "primary": row.is_primary}
            for row in (addresses[person.pk] if person else ())
        ],
        "groups": [{"value": uai, "$ref": f"Groups/{uai}", "display": place.name} for uai, place in places.items()],
    }
    if "active" in said and account and is_blocked(account.state):
        facts["active"] = False
    if postings := listed(said, POSTINGS):
        facts[POSTINGS] = {"postings": [{**posting, "$ref": f"Groups/{posting['value']}"} for posting in postings]}
    version = _version(facts, user)
    _add_asked(facts, user, person, [place.name for place in places.values()], asked)
    facts["meta"] = _meta("User", user.created_at, user.updated_at, version)
    return _model(FullUser, facts)


def _add_asked(
    facts: Facts, user: ScimUser, person: Person | None, places: list[str], asked: ResponseParameters[Any] | None
) -> None:
    """What an extension says of the person beyond the client's words is returned when asked for."""
    if asked is None or not asked.attributes or person is None:
        return
    account = getattr(person, "account", None)
    facts[ENTERPRISE] = {
        **facts.get(ENTERPRISE, {}),
        "organization": user.source.organisation.name,
        "department": places[0] if places else None,
    }
    facts[STAFF] = {
        **facts.get(STAFF, {}),
        "accountState": account.state if account else None,
        "rightFrom": person.right_from.isoformat() if person.right_from else None,
        "rightUntil": person.right_until.isoformat() if person.right_until else None,
    }


def groups_drawn(
    structures: Sequence[Structure], source: FeedSource, asked: ResponseParameters[Any] | None = None
) -> list[Resource[Any]]:
    """One query more than the rows: the members."""
    codes = {structure.uai for structure in structures}
    members: dict[str, dict[str, None]] = {code: {} for code in codes}
    rows = ScimValue.objects.filter(attribute="postings", user__source=source, data__value__in=codes)
    for code, uid in rows.order_by("user", "rank").values_list("data__value", "user__uid"):
        members[code][str(uid)] = None
    return [_group(structure, members[structure.uai], asked) for structure in structures]


def _group(structure: Structure, members: Iterable[str], asked: ResponseParameters[Any] | None) -> Resource[Any]:
    made = getattr(structure, "scim_group", None)
    facts: Facts = {
        "id": structure.uai,
        "externalId": (made.external_id or None) if made else None,
        "displayName": structure.name,
        "members": [{"value": uid, "$ref": f"Users/{uid}", "type": "User"} for uid in members],
    }
    if structure.city:
        facts[STRUCTURE] = {"city": structure.city}
    version = _version(facts, structure)
    if asked is not None and asked.attributes:
        facts[STRUCTURE] = {**facts.get(STRUCTURE, {}), "kind": structure.kind}
    facts["meta"] = _meta("Group", structure.created_at, structure.updated_at, version)
    return _model(FullGroup, facts)


def _model(model: Any, facts: Facts) -> Resource[Any]:
    kept = {name: value for name, value in facts.items() if value not in (None, [], {})}
    urns = [str(model.__schema__), *(name for name in kept if name.startswith("urn:"))]
    drawn: Resource[Any] = model.model_validate({"schemas": urns, **kept})
    return drawn


def _version(facts: Facts, row: ScimUser | Structure) -> str:
    """A weak ETag over all a resource shows: it changes exactly when the resource does, whoever changed it."""
    content = json.dumps([row.updated_at.isoformat(), facts], sort_keys=True)
    return f'W/"{hashlib.blake2b(content.encode(), digest_size=12).hexdigest()}"'


def _meta(kind: str, created: Any, modified: Any, version: str) -> Meta:
    return Meta(resource_type=kind, created=created, last_modified=modified, version=version)
