"""People: requests of PersEducNat to records."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _

from ecritoire.directory.feed.record import Posting, StaffRecord
from ecritoire.directory.feed.values import EARLIEST_BIRTH, TITLES, french_date, is_name

from .requests import MODIFY, Attribute, Refuse, Request

FUNCTIONS, ATTACHED, BIRTH, TITLE = (
    "ENTPersonFonctions",
    "ENTPersonStructRattach",
    "ENTPersonDateNaissance",
    "personalTitle",
)
FAMILY, GIVEN, BIRTH_NAME = "sn", "givenName", "ENTPersonNomPatro"
TEACHING, IN_CLASS = "ENS", "PersEducNatPresenceDevantEleves"
CODE = re.compile(r"[A-Z0-9]{2,8}")
FUNCTION_LIMIT = 80
FEWEST_PARTS, MOST_PARTS = 3, 5
UaiOf = Callable[[str], str | None]


def staff_record(request: Request, known: StaffRecord | None, uai_of: UaiOf, refuse: Refuse) -> StaffRecord | None:
    """What the request says of a person, over what is ``known`` of them when it is a modification; None when refused.

    AAF names no employee number, no contract and no day of arrival: other sources do. ``mail`` is the professional
    address, which is ours to give: it is not read.
    """
    faults = 0

    def note(line: int, attribute: str, value: str, message: str) -> None:
        nonlocal faults
        faults += 1
        refuse(line, attribute, value, message)

    base = known if request.operation == MODIFY else None
    if request.operation == MODIFY and base is None and not _says_all(request):
        refuse(
            request.line,
            "modifications",
            request.identifier,
            _("Cette modification est partielle et la personne n'est pas connue : importez d'abord un complet."),
        )
        return None
    base = base or StaffRecord(request.identifier, "", "")
    family_name, given_name = (
        _name(request, FAMILY, base.family_name, note),
        _name(request, GIVEN, base.given_name, note),
    )
    postings = _postings(request, base, uai_of, note)
    record = replace(
        base,
        family_name=family_name,
        given_name=given_name,
        line=request.line,
        title=_title(request, base, note),
        birth_name=_birth_name(request, base, family_name, note),
        birth_date=_birth_date(request, base, note),
        category=_category(request, base, postings),
        postings=postings,
    )
    return None if faults else record


def _says_all(request: Request) -> bool:
    return all(
        name in request.attributes and request.attributes[name][0].operation == "replace"
        for name in (FAMILY, GIVEN, FUNCTIONS)
    )


def _name(request: Request, attribute: str, known: str, note: Refuse) -> str:
    value = request.first(attribute)
    if attribute not in request.attributes and known:
        return known
    if not value:
        note(
            request.line_of(attribute), attribute, "", _("Le nom ou le prénom manque : complétez la fiche dans l'AAF.")
        )
    elif not is_name(value):
        message = _("Un nom ne contient que des lettres, espaces, traits d'union et apostrophes (80 au plus).")
        note(request.line_of(attribute), attribute, value, message)
    return value


def _birth_name(request: Request, base: StaffRecord, family_name: str, note: Refuse) -> str:
    if BIRTH_NAME not in request.attributes:
        return base.birth_name
    value = request.first(BIRTH_NAME)
    if value and not is_name(value):
        message = _("Un nom ne contient que des lettres, espaces, traits d'union et apostrophes (80 au plus).")
        note(request.line_of(BIRTH_NAME), BIRTH_NAME, value, message)
    return "" if value == family_name else value


def _title(request: Request, base: StaffRecord, note: Refuse) -> str:
    if TITLE not in request.attributes:
        return base.title
    value = request.first(TITLE)
    if value.lower() not in TITLES:
        note(request.line_of(TITLE), TITLE, value, _("Civilité inconnue ; attendues : M., Mme."))
    return TITLES.get(value.lower(), "")


def _birth_date(request: Request, base: StaffRecord, note: Refuse) -> dt.date | None:
    value = request.first(BIRTH)
    if not value:
        return base.birth_date
    date = french_date(value)
    if date is None or date.year < EARLIEST_BIRTH:
        note(request.line_of(BIRTH), BIRTH, value, _("Cette date de naissance n'existe pas : écrivez jj/mm/aaaa."))
    return date


def _category(request: Request, base: StaffRecord, postings: tuple[Posting, ...]) -> str:
    """A teacher by a function of teaching, or by standing before pupils; administrative otherwise. Contracts are HR's word."""
    if base.category and FUNCTIONS not in request.attributes and IN_CLASS not in request.attributes:
        return base.category
    teaches = any(posting.function_code == TEACHING for posting in postings)
    return "teacher" if teaches or request.first(IN_CLASS).upper() == "O" else "administrative"


def _postings(request: Request, base: StaffRecord, uai_of: UaiOf, note: Refuse) -> tuple[Posting, ...]:
    postings = dict.fromkeys(base.postings)
    for attribute in request.attributes.get(FUNCTIONS, ()):
        said = _functions(attribute, uai_of, note)
        if attribute.operation == "delete":
            postings = {posting: None for posting in postings if posting not in said}
        elif attribute.operation == "add":
            postings |= dict.fromkeys(said)
        else:
            postings = dict.fromkeys(said)
    if postings or request.values(FUNCTIONS) or not request.values(ATTACHED):
        return tuple(postings)
    return tuple(_attached(request, uai_of, note))


def _functions(attribute: Attribute, uai_of: UaiOf, note: Refuse) -> list[Posting]:
    found = (_function(value, attribute.line, uai_of, note) for value in attribute.values)
    return [posting for posting in found if posting is not None]


def _function(value: str, line: int, uai_of: UaiOf, note: Refuse) -> Posting | None:
    parts = [part.strip() for part in value.split("$")]
    if not FEWEST_PARTS <= len(parts) <= MOST_PARTS or not parts[0] or not CODE.fullmatch(parts[1]):
        message = _("Fonction mal formée ; attendu structure$code$libellé$code du poste$libellé du poste.")
        note(line, FUNCTIONS, value, message)
        return None
    code = _known_uai(parts[0], FUNCTIONS, line, uai_of, note)
    if code is None:
        return None
    labels = [part.capitalize() for part in (parts[2], *parts[4:]) if part] or [parts[1]]
    return Posting(code, " – ".join(labels)[:FUNCTION_LIMIT], parts[1])


def _attached(request: Request, uai_of: UaiOf, note: Refuse) -> list[Posting]:
    """Whoever has no function yet belongs somewhere all the same."""
    line = request.line_of(ATTACHED)
    codes = [_known_uai(key, ATTACHED, line, uai_of, note) for key in request.values(ATTACHED)]
    return [Posting(code, _("Rattachement administratif")) for code in dict.fromkeys(codes) if code]


def _known_uai(key: str, attribute: str, line: int, uai_of: UaiOf, note: Refuse) -> str | None:
    code = uai_of(key)
    if code is None:
        message = _("Structure inconnue : elle n'est ni dans les fichiers EtabEducNat de cet envoi, ni déjà importée.")
        note(line, attribute, key, message)
    return code
