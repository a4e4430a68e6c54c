"""From what a client says in SCIM's words to what the feed's engine takes, and the engine's refusals back to SCIM's."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from scim2_models import InvalidValueException, Resource

from ecritoire.directory.feed.record import Absence, Posting, StaffRecord, Term
from ecritoire.directory.feed.table import Fault
from ecritoire.directory.models import Person

from .schemas import ABSENCES, CONTRACTS, ENTERPRISE, POSTINGS, STAFF, STRUCTURE

Said = dict[str, Any]
TITLES = {"mme": Person.Title.MRS, "mme.": Person.Title.MRS, "m.": Person.Title.MR, "m": Person.Title.MR}
KEY_LIMIT = 200
MEMBER, FUNCTION = (
    "Membre",
    "Affectation",
)  # functions of those who were given none: added to a group, or a bare posting
WRITABLE = ("name", "userType", "active", ENTERPRISE, STAFF, POSTINGS, CONTRACTS, ABSENCES)
READ_ONLY = {ENTERPRISE: ("organization", "department"), STAFF: ("accountState", "rightFrom", "rightUntil")}
ATTRIBUTES = {
    "external_id": "externalId",
    "employee_number": f"{ENTERPRISE}:employeeNumber",
    "family_name": "name.familyName",
    "given_name": "name.givenName",
    "title": "name.honorificPrefix",
    "category": "userType",
    "birth_name": f"{STAFF}:birthName",
    "birth_date": f"{STAFF}:birthDate",
    "private_email": f"{STAFF}:privateEmail.value",
    "uai": f"{POSTINGS}:postings.$ref",
    "function": f"{POSTINGS}:postings.function",
    "function_code": f"{POSTINGS}:postings.functionCode",
    "number": f"{CONTRACTS}:contracts.number",
    "kind": f"{ABSENCES}:absences.kind",
    "ends_on": "endsOn",
    "starts_on": "startsOn",
    "name": "displayName",
    "city": f"{STRUCTURE}:city",
}
"""What the engine's fields are called over SCIM."""


def said_of(resource: Resource[Any]) -> Said:
    """What the client said in ``resource``: its writable attributes, texts in Unicode's composed form."""
    whole = _composed(resource.model_dump())
    said = {name: whole[name] for name in WRITABLE if whole.get(name) is not None}
    for urn, names in READ_ONLY.items():
        kept = {name: value for name, value in said.get(urn, {}).items() if name not in names}
        said.pop(urn, None)
        if kept:
            said[urn] = kept
    for posting in listed(said, POSTINGS):
        _settle_reference(posting)
    return said


def external_id_of(resource: Resource[Any]) -> str:
    """The client's own key, or nothing. Raises InvalidValueException."""
    key = resource.external_id or ""
    if len(key) > KEY_LIMIT:
        raise refusal("externalId", key, _("Plus de %(limit)s caractères.") % {"limit": KEY_LIMIT})
    return key


def listed(said: Said, urn: str) -> list[Said]:
    """The list of one of our extensions that hold a list."""
    name = urn.split(":")[-3]
    items: list[Said] = said.get(urn, {}).get(name, [])
    return items


def _composed(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_composed(item) for item in value]
    return {name: _composed(item) for name, item in value.items()} if isinstance(value, dict) else value


def _settle_reference(posting: Said) -> None:
    """``value`` alone is kept: it is the end of ``$ref``."""
    reference = str(posting.pop("$ref", ""))
    posting["value"] = reference.rstrip("/").rpartition("/")[2] or posting.get("value", "")


def record_of(key: str, said: Said) -> StaffRecord:
    """The engine's record. Somebody inactive keeps their identity and loses what gives a right."""
    name, staff = said.get("name", {}), said.get(STAFF, {})
    gives_right = said.get("active") is not False
    return StaffRecord(
        external_id=key,
        family_name=name.get("familyName", ""),
        given_name=name.get("givenName", ""),
        title=_title(name.get("honorificPrefix", "")),
        employee_number=said.get(ENTERPRISE, {}).get("employeeNumber", ""),
        birth_name=staff.get("birthName", ""),
        birth_date=_day(staff, "birthDate", f"{STAFF}:birthDate"),
        category=said.get("userType", ""),
        private_email=staff.get("privateEmail", {}).get("value", ""),
        postings=tuple(_postings(listed(said, POSTINGS))) if gives_right else (),
        terms=tuple(_terms(listed(said, CONTRACTS))) if gives_right else (),
        absences=tuple(_absences(listed(said, ABSENCES))),
    )


def _title(prefix: str) -> str:
    if not prefix:
        return ""
    title = TITLES.get(prefix.strip().lower())
    if title is None:
        raise refusal("name.honorificPrefix", prefix, _("Attendu : Mme ou M."))
    return title


def _postings(items: Iterable[Said]) -> Iterable[Posting]:
    for item in items:
        yield Posting(
            uai=str(item.get("value", "")).upper(),
            function=item.get("function") or FUNCTION,
            function_code=item.get("functionCode", ""),
            starts_on=_day(item, "startsOn", f"{POSTINGS}:postings.startsOn"),
            ends_on=_day(item, "endsOn", f"{POSTINGS}:postings.endsOn"),
        )


def _terms(items: Iterable[Said]) -> Iterable[Term]:
    for item in items:
        starts_on = _day(item, "startsOn", f"{CONTRACTS}:contracts.startsOn")
        if starts_on is None:
            raise refusal(f"{CONTRACTS}:contracts.startsOn", "", _("Une valeur est attendue."))
        yield Term(item.get("number", ""), starts_on, _day(item, "endsOn", f"{CONTRACTS}:contracts.endsOn"))


def _absences(items: Iterable[Said]) -> Iterable[Absence]:
    for item in items:
        starts_on = _day(item, "startsOn", f"{ABSENCES}:absences.startsOn")
        if starts_on is None:
            raise refusal(f"{ABSENCES}:absences.startsOn", "", _("Une valeur est attendue."))
        yield Absence(item.get("kind", ""), starts_on, _day(item, "endsOn", f"{ABSENCES}:absences.endsOn"))


def _day(item: Said, name: str, attribute: str) -> dt.date | None:
    text = item.get(name)
    if not text:
        return None
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise refusal(attribute, text, _("Une date s'écrit AAAA-MM-JJ.")) from None


def refusal(attribute: str, value: str, words: str) -> InvalidValueException:
    shown = f" ({value[:80]!r})" if value else ""
    return InvalidValueException(detail=f"{attribute}{shown}: {words}")


def refusal_of(faults: Iterable[Fault]) -> InvalidValueException:
    """The engine's faults in one error, each naming its attribute."""
    words = [f"{ATTRIBUTES.get(f.column, f.column)} ({f.value!r}): {f.message}" for f in list(faults)[:5]]
    return InvalidValueException(detail=" ; ".join(words))
