"""The establishment code (UAI, formerly RNE): seven digits and a check letter."""

from __future__ import annotations

import re

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # 23 of them: no I, O, Q
FORM = re.compile(r"\d{7}[A-Z]", re.ASCII)


def check_letter(digits: str) -> str:
    """The letter that follows seven ``digits``: their value modulo 23."""
    return LETTERS[int(digits) % len(LETTERS)]


def is_valid(code: str) -> bool:
    return FORM.fullmatch(code) is not None and check_letter(code[:7]) == code[7]
