"""A mapping: which column is what, how its values are to be understood; checked as a whole before anything is read."""

from __future__ import annotations

import codecs
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

READY = Path(__file__).resolve().parent / "ready"
REQUIRED = ("external_id", "family_name", "given_name")
ATTRIBUTES = (
    *REQUIRED,
    "employee_number",
    "title",
    "birth_name",
    "birth_date",
    "category",
    "private_email",
    "deceased_on",
    "uai",
    "function",
    "function_code",
    "starts_on",
    "ends_on",
    "contract_number",
    "contract_starts_on",
    "contract_ends_on",
    "leave_kind",
    "leave_starts_on",
    "leave_ends_on",
    "operation",
)
# An attribute that means nothing without another.
NEEDS = {
    "function": "uai",
    "function_code": "uai",
    "starts_on": "uai",
    "ends_on": "uai",
    "contract_number": "contract_starts_on",
    "contract_ends_on": "contract_starts_on",
    "leave_kind": "leave_starts_on",
    "leave_ends_on": "leave_starts_on",
}
OURS = {
    "category": ("teacher", "administrative", "contract", "external"),
    "leave_kind": ("", "sick", "parental", "training", "availability", "other"),
    "title": ("", "m", "mme"),
    "operation": ("keep", "remove"),
}
"""What a table of values may lead to; the table of ``function`` leads to codes of its own choice."""
SEPARATORS = (";", ",", "\t", "|")
KEYS = ("columns", "fixed", "values", "dates", "open_dates", "separator", "encoding")


class MappingInvalid(Exception):
    """``faults``: each a place in the document and what to do there."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{place}: {message}" for place, message in faults))
        self.faults = faults


@dataclass(frozen=True)
class Mapping:
    """``columns``: attribute to column; ``fixed``: attribute to the value of every line; ``values``: for an attribute, the
    file's value (any case) to ours; ``dates``: strptime formats; ``open_dates``: dates that mean "no end"."""

    columns: dict[str, str]
    fixed: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    dates: tuple[str, ...] = ("%d/%m/%Y",)
    open_dates: frozenset[str] = frozenset()
    separator: str = ""
    encoding: str = ""

    @classmethod
    def parse(cls, document: object) -> Mapping:
        """The mapping a JSON document describes; raises MappingInvalid with everything that is wrong."""
        if not isinstance(document, dict):
            raise MappingInvalid([("", _("Une correspondance est un objet JSON."))])
        faults = list(_faults(document))
        if faults:
            raise MappingInvalid(faults)
        tables = document.get("values", {})
        return cls(
            columns=dict(document["columns"]),
            fixed=dict(document.get("fixed", {})),
            values={name: {key.strip().lower(): to for key, to in table.items()} for name, table in tables.items()},
            dates=tuple(document.get("dates", cls.dates)),
            open_dates=frozenset(document.get("open_dates", ())),
            separator=document.get("separator", ""),
            encoding=document.get("encoding", ""),
        )


def ready_mappings() -> list[str]:
    """The names of the mappings that come with the product."""
    return sorted(path.stem for path in READY.glob("*.json"))


def ready_mapping(name: str) -> dict[str, Any]:
    return dict(json.loads((READY / f"{name}.json").read_text(encoding="utf-8")))


def _faults(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key in document.keys() - set(KEYS):
        yield str(key), _("Clé inconnue ; attendues : %(keys)s.") % {"keys": ", ".join(KEYS)}
    for part in ("columns", "fixed", "values"):
        if not isinstance(document.get(part, {}), dict):
            yield part, _("Un objet JSON est attendu.")
            return
    yield from _attribute_faults(document.get("columns", {}), document.get("fixed", {}))
    yield from _table_faults(document.get("values", {}))
    yield from _form_faults(document)


def _attribute_faults(columns: dict[str, Any], fixed: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for part, entries in (("columns", columns), ("fixed", fixed)):
        for name, value in entries.items():
            if name not in ATTRIBUTES:
                yield f"{part}.{name}", _("Attribut inconnu ; attendus : %(names)s.") % {"names": ", ".join(ATTRIBUTES)}
            elif not isinstance(value, str) or not value.strip():
                yield f"{part}.{name}", _("Un texte non vide est attendu.")
    yield from _missing_faults(columns, fixed)


def _missing_faults(columns: dict[str, Any], fixed: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in REQUIRED:
        if name not in columns:
            yield f"columns.{name}", _("Cet attribut est indispensable : dites quelle colonne le porte.")
    for name, other in NEEDS.items():
        if name in columns and other not in columns:
            yield (
                f"columns.{name}",
                _("Cet attribut ne dit rien sans %(other)s : ajoutez sa colonne.") % {"other": other},
            )
    for name in columns.keys() & fixed.keys():
        yield f"fixed.{name}", _("Cet attribut a déjà une colonne : gardez l'une ou l'autre.")


def _table_faults(tables: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, table in tables.items():
        if name not in OURS and name != "function":
            yield (
                f"values.{name}",
                _("Une table de valeurs n'est possible que pour : %(names)s.")
                % {"names": ", ".join([*OURS, "function"])},
            )
        elif not isinstance(table, dict) or not all(isinstance(to, str) for to in table.values()):
            yield f"values.{name}", _("Un objet JSON de texte à texte est attendu.")
        else:
            for key, to in table.items():
                if name in OURS and to not in OURS[name]:
                    expected = ", ".join(value or '""' for value in OURS[name])
                    yield f"values.{name}.{key}", _("Valeur inconnue ; attendues : %(names)s.") % {"names": expected}


def _form_faults(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for part in ("dates", "open_dates"):
        given = document.get(part, ["%d/%m/%Y"])
        if not isinstance(given, list) or not given or not all(isinstance(item, str) for item in given):
            yield part, _("Une liste de textes est attendue.")
        elif part == "dates":
            for rank, form in enumerate(given):
                if not _is_date_format(form):
                    yield (
                        f"dates.{rank}",
                        _("Format de date incorrect ; par exemple jj/mm/aaaa s'écrit %(example)s.")
                        % {"example": "%d/%m/%Y"},
                    )
    if document.get("separator", "") not in {"", *SEPARATORS}:
        yield "separator", _("Séparateur inconnu ; attendus : point-virgule, virgule, tabulation ou barre.")
    encoding = document.get("encoding", "")
    if encoding and not _is_encoding(encoding):
        yield "encoding", _("Encodage inconnu ; par exemple utf-8, iso-8859-15 ou windows-1252.")


def _is_date_format(form: str) -> bool:
    day = dt.date(2026, 9, 23)
    try:
        return dt.datetime.strptime(day.strftime(form), form).date() == day
    except ValueError:
        return False


def _is_encoding(name: object) -> bool:
    try:
        return isinstance(name, str) and bool(codecs.lookup(name))
    except LookupError:
        return False
