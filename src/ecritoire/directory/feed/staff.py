"""The staff file: one line an assignment."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from ecritoire.directory import uai
from ecritoire.directory.models import Person

from . import table
from .record import Entry, Posting, StaffRecord
from .table import Fault, Row

COLUMNS = (
    "matricule",
    "civilite",
    "nom",
    "prenom",
    "date_naissance",
    "categorie",
    "uai",
    "fonction",
    "date_debut",
    "date_fin",
    "courriel_prive",
)
TITLES = {"": "", "m": "m", "m.": "m", "mme": "mme", "mme.": "mme", "monsieur": "m", "madame": "mme"}
CATEGORIES = {
    "enseignant": Person.Category.TEACHER,
    "administratif": Person.Category.ADMINISTRATIVE,
    "contractuel": Person.Category.CONTRACT,
    "intervenant": Person.Category.EXTERNAL,
}
NUMBER = re.compile(r"[A-Za-z0-9]{1,32}")
NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’.-]){0,79}")
DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})|(\d{4})-(\d{2})-(\d{2})", re.ASCII)


@dataclass(frozen=True)
class StaffRow:
    """One line, checked. ``identity`` is what must not differ between lines of one employee number."""

    line: int
    employee_number: str
    title: str
    family_name: str
    given_name: str
    birth_date: dt.date | None
    category: str
    uai: str
    function: str
    starts_on: dt.date
    ends_on: dt.date | None
    private_email: str

    @property
    def identity(self) -> tuple[object, ...]:
        return (self.title, self.family_name, self.given_name, self.birth_date, self.category, self.private_email)

    @property
    def key(self) -> tuple[object, ...]:
        return (self.employee_number, self.uai, self.function, self.starts_on)


class Reader:
    """Reads one row, collecting its faults."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self.faults: list[Fault] = []

    def refuse(self, column: str, message: str) -> None:
        self.faults.append(Fault(self._row.line, column, self._row.cells[column][:80], message))

    def name(self, column: str) -> str:
        value = re.sub(r"\s+", " ", self._row.cells[column])
        if not value:
            self.refuse(column, _("Le nom manque.") if column == "nom" else _("Le prénom manque."))
        elif not NAME.fullmatch(value):
            self.refuse(
                column,
                _("Un nom ne contient que des lettres, espaces, traits d'union et apostrophes (80 au plus)."),
            )
        return value

    def date(self, column: str, *, required: bool = False) -> dt.date | None:
        value = self._row.cells[column]
        if not value:
            if required:
                self.refuse(column, _("La date manque."))
            return None
        match = DATE.fullmatch(value)
        try:
            if match is None:
                raise ValueError
            day, month, year, iso_year, iso_month, iso_day = match.groups()
            return dt.date(int(year or iso_year), int(month or iso_month), int(day or iso_day))
        except ValueError:
            self.refuse(column, _("Cette date n'existe pas : écrivez jj/mm/aaaa ou aaaa-mm-jj."))
            return None

    def choice(self, column: str, choices: dict[str, str]) -> str:
        value = self._row.cells[column].lower()
        if value not in choices:
            self.refuse(
                column, _("Valeur inconnue ; attendues : %(values)s.") % {"values": ", ".join(filter(None, choices))}
            )
        return choices.get(value, "")

    def uai(self) -> str:
        value = self._row.cells["uai"].upper()
        if not uai.is_valid(value):
            self.refuse("uai", _("Un UAI compte sept chiffres et la lettre de contrôle qui leur répond."))
        return value

    def email(self) -> str:
        value = self._row.cells["courriel_prive"].lower()
        try:
            if value:
                validate_email(value)
        except ValidationError:
            self.refuse(
                "courriel_prive", _("Ce n'est pas une adresse électronique ; laissez vide si elle est inconnue.")
            )
        return value

    def text(self, column: str, limit: int, message: str) -> str:
        value = self._row.cells[column]
        if not value or len(value) > limit:
            self.refuse(column, message)
        return value


def parse(row: Row) -> tuple[StaffRow | None, list[Fault]]:
    """One row, or its faults: all of them, not the first only."""
    reader = Reader(row)
    number = row.cells["matricule"]
    if not NUMBER.fullmatch(number):
        reader.refuse("matricule", _("Le matricule compte de 1 à 32 lettres et chiffres."))
    starts_on, ends_on = reader.date("date_debut", required=True), reader.date("date_fin")
    birth_date = reader.date("date_naissance")
    if starts_on and ends_on and ends_on < starts_on:
        reader.refuse("date_fin", _("La fin précède le début."))
    if birth_date and birth_date.year < 1900:  # noqa: PLR2004 - nobody at work was born earlier
        reader.refuse("date_naissance", _("Cette année de naissance n'est pas plausible."))
    values = {
        "title": reader.choice("civilite", TITLES),
        "family_name": reader.name("nom"),
        "given_name": reader.name("prenom"),
        "category": reader.choice("categorie", dict(CATEGORIES)),
        "uai": reader.uai(),
        "function": reader.text("fonction", 80, _("La fonction manque, ou dépasse 80 caractères.")),
        "private_email": reader.email(),
    }
    if reader.faults or starts_on is None:
        return None, reader.faults
    staff = StaffRow(
        line=row.line, employee_number=number, birth_date=birth_date, starts_on=starts_on, ends_on=ends_on, **values
    )
    return staff, []


def parse_all(rows: list[Row]) -> tuple[list[StaffRow], list[Fault]]:
    """Every row, with what no single row shows: duplicates, and one number for two identities."""
    staff: list[StaffRow] = []
    faults: list[Fault] = []
    keys: dict[tuple[object, ...], int] = {}
    identities: dict[str, StaffRow] = {}
    for row in rows:
        parsed, row_faults = parse(row)
        faults += row_faults
        if parsed is None:
            continue
        first = identities.setdefault(parsed.employee_number, parsed)
        if parsed.key in keys:
            faults.append(
                Fault(
                    row.line,
                    "matricule",
                    parsed.employee_number,
                    _("Même affectation qu'à la ligne %(line)s : retirez l'une des deux.") % {"line": keys[parsed.key]},
                )
            )
        elif first.identity != parsed.identity:
            faults.append(
                Fault(
                    row.line,
                    "matricule",
                    parsed.employee_number,
                    _("Ce matricule désigne une autre personne à la ligne %(line)s.") % {"line": first.line},
                )
            )
        else:
            keys[parsed.key] = row.line
            staff.append(parsed)
    return staff, faults


def staff_entries(content: bytes) -> Iterator[Entry]:
    """A whole file: a person's lines, wherever they are, make one record."""
    rows, faults = table.read(content, COLUMNS)
    yield from faults
    parsed, faults = parse_all(rows)
    yield from faults
    lines: dict[str, list[StaffRow]] = {}
    for row in parsed:
        lines.setdefault(row.employee_number, []).append(row)
    yield from map(_record, lines.values())


def _record(lines: list[StaffRow]) -> StaffRecord:
    first = lines[0]
    return StaffRecord(
        external_id=first.employee_number,
        employee_number=first.employee_number,
        line=first.line,
        title=first.title,
        family_name=first.family_name,
        given_name=first.given_name,
        birth_date=first.birth_date,
        category=first.category,
        private_email=first.private_email,
        postings=tuple(
            Posting(uai=row.uai, function=row.function, starts_on=row.starts_on, ends_on=row.ends_on) for row in lines
        ),
    )
