"""Groups written: members are postings; a group a client makes is a service without a UAI."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from scim2_models import ForbiddenException, Resource

from ecritoire.accounts.models import ApiClient
from ecritoire.api.engine import client_apply
from ecritoire.api.models import ScimGroup, ScimUser, ScimValue
from ecritoire.directory.feed.record import StructureRecord
from ecritoire.directory.models import Structure
from ecritoire.directory.uai import check_letter

from .schemas import POSTINGS, STRUCTURE
from .users import Later, users_say
from .words import MEMBER, external_id_of, listed, refusal, refusal_of

LOCAL = "999"  # a département that does not exist: these codes are no UAI, and have its form
CODES_LOCK = 0x73636F64  # an advisory lock of ours: two clients must not be given the same code


def groups_of(client: ApiClient) -> QuerySet[Structure]:
    """The structures of the client's académie, but the services over SCIM that were deleted."""
    structures = Structure.objects.filter(organisation=client.organisation).select_related("scim_group")
    return structures.exclude(Q(uai__startswith=LOCAL) & Q(scim_group__isnull=True))


def group_create(*, client: ApiClient, resource: Resource[Any], later: Later) -> Structure:
    code = _free_code()
    _describe(client, code, resource)
    structure = Structure.objects.get(uai=code)
    ScimGroup.objects.create(source=client.feed, structure=structure, external_id=external_id_of(resource))
    _members_become(client, code, _members(resource), later)
    return structure


def group_update(*, client: ApiClient, structure: Structure, resource: Resource[Any], later: Later) -> None:
    """Members of any group of the académie; the rest of one's own groups only. Raises ForbiddenException."""
    made = getattr(structure, "scim_group", None)
    described = (resource.display_name, _city(resource), external_id_of(resource))  # type: ignore[attr-defined]
    if described != (structure.name, structure.city, made.external_id if made else ""):
        if made is None or made.source_id != client.source_id:
            raise _not_yours(structure)
        _describe(client, structure.uai, resource)
        ScimGroup.objects.filter(pk=made.pk).update(external_id=external_id_of(resource))
    _members_become(client, structure.uai, _members(resource), later)


def group_delete(*, client: ApiClient, structure: Structure, later: Later) -> None:
    """The client's postings there end. The structure's row stays for those who remember it, without its group."""
    made = getattr(structure, "scim_group", None)
    if made is None or made.source_id != client.source_id:
        raise _not_yours(structure)
    _members_become(client, structure.uai, set(), later)
    made.delete()


def _not_yours(structure: Structure) -> ForbiddenException:
    words = _("%(structure)s vient d'une autre source : ce client n'en change que les membres (members).")
    return ForbiddenException(detail=words % {"structure": structure})


def _describe(client: ApiClient, code: str, resource: Resource[Any]) -> None:
    name = str(resource.display_name)  # type: ignore[attr-defined]
    record = StructureRecord(uai=code, name=name, kind=Structure.Kind.SERVICE, city=_city(resource), external_id=code)
    report = client_apply(client=client, entries=[record], label=f"SCIM {code}")
    if not report.ok:
        raise refusal_of(report.faults)


def _city(resource: Resource[Any]) -> str:
    extension = resource.model_dump().get(STRUCTURE) or {}
    return str(extension.get("city") or "")


def _free_code() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CODES_LOCK])
    last = Structure.objects.filter(uai__startswith=LOCAL).order_by("-uai").values_list("uai", flat=True).first()
    digits = f"{int(last[:7]) + 1 if last else int(LOCAL + '0001'):07d}"
    return digits + check_letter(digits)


def _members(resource: Resource[Any]) -> set[str]:
    members = resource.members or []  # type: ignore[attr-defined]
    return {str(member.value or str(member.ref or "").rpartition("/")[2]) for member in members}


def _members_become(client: ApiClient, code: str, wanted: set[str], later: Later) -> None:
    rows = ScimValue.objects.filter(attribute="postings", user__source=client.source, data__value=code)
    before = {str(uid) for uid in rows.values_list("user__uid", flat=True)}
    changed = _users(client, (before - wanted) | (wanted - before))
    for user in changed:
        postings = [posting for posting in listed(user.said, POSTINGS) if posting["value"] != code]
        if str(user.uid) in wanted:
            postings.append({"value": code, "function": MEMBER})
        user.said.pop(POSTINGS, None)
        if postings:
            user.said[POSTINGS] = {"postings": postings}
    if changed:
        users_say(client=client, users=changed, later=later)


def _users(client: ApiClient, ids: Iterable[str]) -> list[ScimUser]:
    """The client's users of these ids, each locked. Raises InvalidValueException for an id of nobody."""
    asked = sorted(ids)
    valid = [uid for uid in asked if _is_uuid(uid)]
    users = ScimUser.objects.select_for_update(of=("self",)).filter(source=client.source, uid__in=valid)
    found = list(users.order_by("pk"))
    missing = set(asked) - {str(user.uid) for user in found}
    if missing:
        raise refusal("members.value", min(missing), _("Ce n'est pas un utilisateur de ce client."))
    return found


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
