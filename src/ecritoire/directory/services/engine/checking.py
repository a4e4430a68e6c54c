"""What no reader should let through, checked once more before it reaches the database, by field."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ecritoire.directory import uai
from ecritoire.directory.feed.record import Absence, Posting, Removal, StaffRecord, StructureRecord, Term
from ecritoire.directory.feed.table import Fault
from ecritoire.directory.models import Leave, Person, Structure

LIMITS = {
    "external_id": 200,
    "employee_number": 64,
    "family_name": 80,
    "given_name": 80,
    "birth_name": 80,
    "private_email": 254,
    "name": 160,
    "city": 120,
    "function": 80,
    "function_code": 8,
    "number": 40,
}
REQUIRED = {
    StaffRecord: {"external_id", "family_name"},
    Removal: {"external_id"},
    StructureRecord: {"name"},
    Posting: {"function"},
    Term: {"number"},
}
CHOICES: dict[str, frozenset[str]] = {
    "title": frozenset({"", *Person.Title.values}),
    "category": frozenset({"", *Person.Category.values}),
}
KINDS = {StructureRecord: frozenset(Structure.Kind.values), Absence: frozenset(Leave.Kind.values)}
Record = StaffRecord | StructureRecord | Removal
Item = Record | Posting | Term | Absence


def refusals(entry: Record) -> list[Fault]:
    items: list[Item] = [entry]
    if isinstance(entry, StaffRecord):
        items += [*entry.postings, *entry.terms, *entry.absences]
    line = getattr(entry, "line", 0)
    return [Fault(line, name, value[:80], words) for item in items for name, value, words in _wrong(item)]


def _wrong(item: Item) -> Iterator[tuple[str, str, str]]:
    """Field, value, what is wrong with it."""
    for name in item.__slots__:
        value = getattr(item, name)
        if not isinstance(value, str):
            continue
        if name in REQUIRED.get(type(item), ()) and not value.strip():
            yield name, value, _("Une valeur est attendue.")
        elif words := _wrong_text(name, value, KINDS.get(type(item), frozenset())):
            yield name, value.replace("\0", "�"), words
    starts_on, ends_on = getattr(item, "starts_on", None), getattr(item, "ends_on", None)
    if starts_on and ends_on and ends_on < starts_on:
        yield "ends_on", ends_on.isoformat(), _("La fin précède le début.")


def _wrong_text(name: str, value: str, kinds: frozenset[str]) -> str:
    if len(value) > LIMITS.get(name, 254):
        return _("Plus de %(limit)s caractères.") % {"limit": LIMITS.get(name, 254)}
    if any(sign < " " or "\ud800" <= sign <= "\udfff" for sign in value):
        return _("Un caractère de commande n'a pas sa place ici.")
    if value not in CHOICES.get(name, {value}) or (name == "kind" and value not in kinds):
        return _("Valeur inconnue.")
    if name == "uai" and not uai.is_valid(value):
        return _("Un UAI compte sept chiffres et la lettre de contrôle qui leur répond.")
    return ""
