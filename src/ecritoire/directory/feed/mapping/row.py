"""One line of a mapped file as what it says of a person: at most one posting, one contract, one leave."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from ecritoire.directory import uai
from ecritoire.directory.feed.record import Absence, Posting, StaffRecord, Term
from ecritoire.directory.feed.values import EARLIEST_BIRTH, TITLES, is_name

from .document import OURS, Mapping

KEY_LIMIT, NUMBER_LIMIT, FUNCTION_LIMIT, CODE_LIMIT = 64, 40, 80, 8
REMOVE = "remove"


class Row:
    """``cells`` by attribute. Reading an attribute notes what is wrong with it in ``faults``: (attribute, value, message)."""

    def __init__(self, line: int, cells: dict[str, str], mapping: Mapping) -> None:
        self.line = line
        self._cells = cells
        self._mapping = mapping
        self.faults: list[tuple[str, str, str]] = []

    @property
    def key(self) -> str:
        return self._cells["external_id"]

    @property
    def removes(self) -> bool:
        return self._choice("operation") == REMOVE

    def record(self) -> StaffRecord:
        """To be used only when ``faults`` stays empty."""
        if not self.key or len(self.key) > KEY_LIMIT:
            self._refuse("external_id", _("L'identifiant manque, ou dépasse %(n)s caractères.") % {"n": KEY_LIMIT})
        return StaffRecord(
            external_id=self.key,
            family_name=self._name("family_name", required=True),
            given_name=self._name("given_name", required=True),
            line=self.line,
            employee_number=self._text("employee_number", 32),
            title=self._choice("title", TITLES),
            birth_name=self._birth_name(),
            birth_date=self._birth_date(),
            category=self._choice("category"),
            private_email=self._email(),
            deceased_on=self._date("deceased_on"),
            postings=self._posting(),
            terms=self._term(),
            absences=self._absence(),
        )

    def _get(self, attribute: str) -> str:
        return self._cells.get(attribute, "")

    def _refuse(self, attribute: str, message: str) -> None:
        self.faults.append((attribute, self._get(attribute)[:80], message))

    def _text(self, attribute: str, limit: int) -> str:
        value = self._get(attribute)
        if len(value) > limit:
            self._refuse(attribute, _("Plus de %(limit)s caractères.") % {"limit": limit})
        return value

    def _name(self, attribute: str, *, required: bool = False) -> str:
        value = self._get(attribute)
        if required and not value:
            self._refuse(attribute, _("Le nom ou le prénom manque."))
        elif value and not is_name(value):
            message = _("Un nom ne contient que des lettres, espaces, traits d'union et apostrophes (80 au plus).")
            self._refuse(attribute, message)
        return value

    def _birth_name(self) -> str:
        value = self._name("birth_name")
        return "" if value == self._get("family_name") else value

    def _choice(self, attribute: str, usual: dict[str, str] | None = None) -> str:
        value = self._get(attribute)
        table = self._mapping.values.get(attribute) or usual or {ours: ours for ours in OURS[attribute]}
        if value and value.lower() not in table:
            names = ", ".join(filter(None, table))
            self._refuse(attribute, _("Valeur inconnue de la correspondance ; connues : %(names)s.") % {"names": names})
        return table.get(value.lower(), "")

    def _date(self, attribute: str) -> dt.date | None:
        value = self._get(attribute)
        if not value or value in self._mapping.open_dates:
            return None
        date = _parsed(value, self._mapping.dates)
        if date is not None:
            return date
        forms = ", ".join(self._mapping.dates)
        self._refuse(
            attribute, _("Cette date n'existe pas, ou n'est pas écrite comme convenu (%(forms)s).") % {"forms": forms}
        )
        return None

    def _birth_date(self) -> dt.date | None:
        date = self._date("birth_date")
        if date and date.year < EARLIEST_BIRTH:
            self._refuse("birth_date", _("Cette année de naissance n'est pas plausible."))
        return date

    def _period(self, prefix: str) -> tuple[dt.date | None, dt.date | None]:
        start, end = self._date(f"{prefix}starts_on"), self._date(f"{prefix}ends_on")
        if start and end and end < start:
            self._refuse(f"{prefix}ends_on", _("La fin précède le début."))
        return start, end

    def _email(self) -> str:
        value = self._get("private_email").lower()
        try:
            if value:
                validate_email(value)
        except ValidationError:
            self._refuse(
                "private_email", _("Ce n'est pas une adresse électronique ; laissez vide si elle est inconnue.")
            )
        return value

    def _posting(self) -> tuple[Posting, ...]:
        code = self._get("uai").upper()
        if not code:
            return ()
        if not uai.is_valid(code):
            self._refuse("uai", _("Un UAI compte sept chiffres et la lettre de contrôle qui leur répond."))
        function = self._text("function", FUNCTION_LIMIT)
        short = self._text("function_code", CODE_LIMIT) or self._mapping.values.get("function", {}).get(
            function.lower(), ""
        )
        start, end = self._period("")
        return (Posting(code, function, short, start, end),)

    def _term(self) -> tuple[Term, ...]:
        start, end = self._period("contract_")
        number = self._text("contract_number", NUMBER_LIMIT)
        if start is None:
            if number and not self._get("contract_starts_on"):
                self._refuse("contract_starts_on", _("Ce contrat n'a pas de date de début."))
            return ()
        return (Term(number or start.isoformat(), start, end),)

    def _absence(self) -> tuple[Absence, ...]:
        start, end = self._period("leave_")
        kind = self._choice("leave_kind")
        if start is None or (self._get("leave_kind") and not kind):
            return ()
        return (Absence(kind or "other", start, end),)


@lru_cache(maxsize=10_000)
def _parsed(value: str, forms: tuple[str, ...]) -> dt.date | None:
    """Cached: a file of a hundred thousand lines holds few different dates, and strptime is slow."""
    for form in forms:
        try:
            return dt.datetime.strptime(value, form).date()
        except ValueError:
            continue
    return None
