"""The presets of password rules: the examples the CNIL and the ANSSI give, as rules.

The CNIL's own examples compute to 79.55 and 47.6 bits, so a count of bits would refuse what the text allows: its
examples are the rules. A preset holds when one of its rules is met. Pure functions: no person, no database, no hash.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import AccessPolicy

Preset = AccessPolicy.PasswordPreset
CLASSES = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"\d"), re.compile(r"[^A-Za-z\d]"))
WORD = re.compile(r"[^\W\d_]{3,}")
LONGEST = 1000  # no low maximum (ANSSI, R22); this one only keeps a hash from being handed a novel


@dataclass(frozen=True)
class Rule:
    """One way to be long enough: ``length`` signs of ``classes`` kinds, or ``words`` different words."""

    key: str
    text: Promise
    length: int = 0
    classes: int = 0
    words: int = 0

    def met(self, password: str) -> bool:
        if self.words:
            return words_of(password) >= self.words
        return len(password) >= self.length and classes_of(password) >= self.classes


@dataclass(frozen=True)
class Rules:
    """A preset: its rules, the text it comes from, and how many guesses (as a power of ten) it must withstand."""

    preset: AccessPolicy.PasswordPreset
    source: Promise
    rules: tuple[Rule, ...]
    guesses_log10: float

    def met(self, password: str) -> bool:
        return any(rule.met(password) for rule in self.rules)


CNIL_50 = Rules(
    Preset.CNIL_50,
    _("CNIL, délibération 2022-100, 50 bits avec restriction d'accès"),
    (
        Rule("three", _("8 caractères de trois sortes : minuscules, majuscules, chiffres, signes"), 8, 3),
        Rule("words", _("une phrase de 5 mots différents"), words=5),
    ),
    7,
)
CNIL_80 = Rules(
    Preset.CNIL_80,
    _("CNIL, délibération 2022-100, 80 bits"),
    (
        Rule("four", _("12 caractères avec minuscules, majuscules, chiffres et signes"), 12, 4),
        Rule("three", _("14 caractères de trois de ces sortes"), 14, 3),
        Rule("words", _("une phrase de 7 mots différents"), words=7),
    ),
    10,
)
ANSSI = Rules(
    Preset.ANSSI,
    _("ANSSI, PG-078, R21 et R23"),
    (
        Rule("three", _("15 caractères de trois sortes : minuscules, majuscules, chiffres, signes"), 15, 3),
        Rule("words", _("une phrase de 7 mots différents"), words=7),
    ),
    10,
)
STRICTNESS = (CNIL_50, CNIL_80, ANSSI)
"""From the mildest: what meets one meets those before it."""


def classes_of(password: str) -> int:
    return sum(bool(known.search(password)) for known in CLASSES)


def words_of(password: str) -> int:
    return len({word.lower() for word in WORD.findall(password)})


def rules_of(preset: str) -> Rules:
    return next(rules for rules in STRICTNESS if rules.preset == preset)


def strictest(presets: Sequence[str]) -> Rules:
    """The rules that hold for someone of several populations."""
    return max((rules_of(preset) for preset in presets), key=STRICTNESS.index)
