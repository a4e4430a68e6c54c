"""Who lives at partenaire.test, and how each treats mail."""

from __future__ import annotations

from enum import Enum


class Manner(Enum):
    KEEPS = "keeps"
    ANSWERS = "answers"
    ECHOES = "echoes"
    IS_AWAY = "is away"
    IS_FULL = "is full"
    IS_SLOW = "is slow"


NAMES = {
    "claire.martin": "Claire Martin",
    "accueil": "Accueil du partenaire",
    "editions": "Éditions des Marais",
    "echo": "Écho",
    "absent": "Paul Absent",
    "sonde": "Sonde extérieure",
}
MANNERS = {
    "claire.martin": Manner.ANSWERS,
    "accueil": Manner.ANSWERS,
    "editions": Manner.KEEPS,
    "echo": Manner.ECHOES,
    "absent": Manner.IS_AWAY,
    "plein": Manner.IS_FULL,
    "lent": Manner.IS_SLOW,
    "sonde": Manner.KEEPS,
}
