"""Personal data and secrets in what somebody is about to say to everybody. Pure: no database, no clock."""

from __future__ import annotations

import re
from enum import StrEnum

PHONE = re.compile(r"(?<!\d)(?:(?:\+|00)33[\s.-]?(?:\(0\)[\s.-]?)?|0)[1-9](?:[\s.-]?\d{2}){4}(?!\d)")
NIR = re.compile(r"(?<!\d)([12])\s?(\d{2})\s?(\d{2})\s?(\d{2}|2[AB])\s?(\d{3})\s?(\d{3})(?:\s?(\d{2}))?(?!\d)", re.I)
IBAN = re.compile(r"\b([A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?)\b", re.I)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PASSWORD = re.compile(
    r"(?:mot de passe|mots de passe|mdp|password|passwd)(?:\s+(?:est|is|actuel|provisoire|temporaire))*\s*[:=]\s*(\S{4,})"
    r"|(?:mot de passe|mdp|password)\s+(?:est|is)\s+(?=\S*\d)(\S{6,})",
    re.I,
)


class Found(StrEnum):
    PASSWORD = "password"  # noqa: S105 - a kind, not one
    NIR = "nir"
    IBAN = "iban"
    PHONE = "phone"
    ADDRESS = "address"


NEVER = frozenset({Found.PASSWORD, Found.NIR})
"""What nobody may publish, even on purpose."""


def found_in(text: str) -> set[Found]:
    tests = {
        Found.PASSWORD: bool(PASSWORD.search(text)),
        Found.NIR: any(_is_nir(match) for match in NIR.finditer(text)),
        Found.IBAN: any(is_iban(match[1]) for match in IBAN.finditer(text)),
        Found.PHONE: bool(PHONE.search(text)),
        Found.ADDRESS: bool(ADDRESS.search(text)),
    }
    return {kind for kind, present in tests.items() if present}


def nir_key(thirteen: str) -> int:
    """The control key of a social security number; Corsica's letters count as INSEE says."""
    return 97 - int(thirteen.upper().replace("2A", "19").replace("2B", "18")) % 97


def _is_nir(match: re.Match[str]) -> bool:
    month = int(match[3])
    if not (1 <= month <= 12 or 20 <= month <= 42 or month >= 50):  # noqa: PLR2004 - INSEE's fictitious months
        return False
    return match[7] is None or nir_key("".join(match.groups()[:6])) == int(match[7])


def is_iban(text: str) -> bool:
    """ISO 13616: the four first characters go last, letters are numbers, modulo 97 is 1."""
    plain = "".join(text.split()).upper()
    if not 15 <= len(plain) <= 34:  # noqa: PLR2004 - the shortest and the longest there are
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1
