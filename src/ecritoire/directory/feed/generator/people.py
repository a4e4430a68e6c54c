"""Invented schools and people: each follows from the seed and a rank alone, so a delta finds again whom the complete set named."""

from __future__ import annotations

import datetime as dt
import random
from bisect import bisect
from dataclasses import dataclass, field
from itertools import accumulate

from ecritoire.directory.addresses import fold
from ecritoire.directory.uai import check_letter

from .names import family_name, given_name

CITIES = [
    "Valmont",
    "Aubigny",
    "Beaulieu",
    "Clairval",
    "Combourg-sur-Ize",
    "Esternay",
    "Fontvieille",
    "Grandpré",
    "Hauterive",
    "Issancourt",
    "La-Ferté",
    "Lanvallay",
    "Mirecourt",
    "Montaigu",
    "Neufchâtel",
    "Orsans",
    "Pontarlieu",
    "Quincy",
    "Rochebrune",
    "Saint-Aubin",
    "Saint-Loup",
    "Sérignac",
    "Tréville",
    "Uzelle",
    "Vaucouleurs",
    "Villebois",
    "Xertigny",
    "Yvetonne",
]
PATRONS = [
    *("Jean Moulin", "Marie Curie", "Victor Hugo", "Louis Pasteur", "Simone Veil", "Jules Ferry", "Lucie Aubrac"),
    *(
        "Jacques Prévert",
        "Georges Brassens",
        "Albert Camus",
        "Rosa Parks",
        "Olympe de Gouges",
        "Émile Zola",
        "Les Tilleuls",
    ),
]
# AAF's word, how many in a thousand, how many people for one of these.
SCHOOLS = (
    ("ECOLE PRIMAIRE", "École primaire", 560, 8),
    ("COLLEGE", "Collège", 270, 45),
    ("LYCEE", "Lycée", 90, 95),
    ("LYCEE PROFESSIONNEL", "Lycée professionnel", 50, 70),
    ("SERVICE ACADEMIQUE", "Service", 30, 90),
)
# AAF's code and label, code and label of the post, how many in a thousand.
FUNCTIONS = (
    ("ENS", "ENSEIGNEMENT", "L0202", "LETTRES MODERNES", 130),
    ("ENS", "ENSEIGNEMENT", "L1300", "MATHEMATIQUES", 130),
    ("ENS", "ENSEIGNEMENT", "L1000", "HISTOIRE ET GEOGRAPHIE", 90),
    ("ENS", "ENSEIGNEMENT", "L0422", "ANGLAIS", 100),
    ("ENS", "ENSEIGNEMENT", "L1900", "EDUCATION PHYSIQUE ET SPORTIVE", 80),
    ("ENS", "ENSEIGNEMENT", "L1600", "SCIENCES DE LA VIE ET DE LA TERRE", 60),
    ("ENS", "ENSEIGNEMENT", "E0001", "PREMIER DEGRE", 190),
    ("DOC", "DOCUMENTATION", "L0080", "DOCUMENTATION", 20),
    ("EDU", "EDUCATION", "L0086", "CONSEILLER PRINCIPAL D'EDUCATION", 40),
    ("ADF", "PERSONNELS ADMINISTRATIFS", "A0010", "SECRETARIAT", 90),
    ("DIR", "DIRECTION", "D0010", "PRINCIPAL OU PROVISEUR", 30),
    ("ASE", "ASSISTANT D'EDUCATION", "S0080", "SURVEILLANCE", 40),
)
FUNCTION_WEIGHTS = list(accumulate(row[4] for row in FUNCTIONS))
CONTRACT_SHARE, SECOND_SCHOOL_SHARE, LEAVE_SHARE, MARRIED_SHARE = 0.18, 0.08, 0.02, 0.35


@dataclass(frozen=True, slots=True)
class School:
    key: str
    uai: str
    kind: str
    name: str
    city: str
    size: int


@dataclass(slots=True)
class Agent:
    """Somebody as AAF (``key``) and HR (``number``) know them. ``functions``: AAF's five parts; ``contracts`` and ``leaves``
    carry dates, the last None when open."""

    key: str
    number: str
    title: str
    family_name: str
    given_name: str
    birth_name: str
    birth_date: dt.date
    functions: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    status: str = "TITULAIRE"
    private_email: str = ""
    contracts: list[tuple[str, dt.date, dt.date | None]] = field(default_factory=list)
    leaves: list[tuple[str, dt.date, dt.date | None]] = field(default_factory=list)
    deceased_on: dt.date | None = None

    @property
    def teaches(self) -> bool:
        return any(function[1] == "ENS" for function in self.functions)


def schools(*, count: int, seed: int) -> list[School]:
    """``count`` schools. The department 098 is nobody's; a country needs more numbers than one department has."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    weights = list(accumulate(row[2] for row in SCHOOLS))
    return [_school(chance, rank, weights, count) for rank in range(count)]


def _school(chance: random.Random, rank: int, weights: list[int], count: int) -> School:
    departments = 1 + (count - 1) // 9999
    first = 98 if departments == 1 else 1
    digits = f"{first + rank % departments:03d}{1 + rank // departments:04d}"
    kind, word, _share, size = SCHOOLS[bisect(weights, chance.random() * weights[-1])]
    city = chance.choice(CITIES)
    name = f"{word} {chance.choice(PATRONS)}" if word != "Service" else f"Service académique {rank + 1}"
    return School(str(1000 + rank), digits + check_letter(digits), kind, name, city, size)


class Population:
    """Everybody of an académie by rank; ``year`` is that of the school year's September."""

    def __init__(self, *, seed: int, structures: list[School], year: int = 2026) -> None:
        self._seed = seed
        self._structures = structures
        self._sizes = list(accumulate(school.size for school in structures))
        self.year = year

    def chance(self, rank: int, what: int = 0) -> random.Random:
        """A source of chance of that person's own."""
        return random.Random((self._seed << 40) + (what << 32) + rank)  # noqa: S311 - nothing secret

    def agent(self, rank: int) -> Agent:
        chance = self.chance(rank)
        woman = chance.random() < 0.68  # noqa: PLR2004 - the share in the ministry
        given, birth = given_name(chance, woman), family_name(chance)
        married = woman and chance.random() < MARRIED_SHARE
        agent = Agent(
            key=str(1_000_000 + rank),
            number=f"H{rank:08d}",
            title="Mme" if woman else "M.",
            family_name=family_name(chance) if married else birth,
            given_name=given,
            birth_name=birth,
            birth_date=dt.date(self.year - 62, 1, 1) + dt.timedelta(days=int(chance.random() * 39 * 365)),
        )
        agent.functions = [self.function(chance)]
        if chance.random() < SECOND_SCHOOL_SHARE:
            agent.functions.append((self.school(chance).key, *agent.functions[0][1:]))
        self._engage(agent, chance)
        agent.private_email = f"{fold(given).replace(' ', '')}.{rank}@maison.test"
        return agent

    def school(self, chance: random.Random) -> School:
        return self._structures[bisect(self._sizes, chance.random() * self._sizes[-1])]

    def function(self, chance: random.Random) -> tuple[str, str, str, str, str]:
        row = FUNCTIONS[bisect(FUNCTION_WEIGHTS, chance.random() * FUNCTION_WEIGHTS[-1])]
        return (self.school(chance).key, row[0], row[1], row[2], row[3])

    def _engage(self, agent: Agent, chance: random.Random) -> None:
        if agent.teaches:
            agent.status = "TITULAIRE ENSEIGNANT"
        if chance.random() < CONTRACT_SHARE:
            agent.status = "CONTRACTUEL"
            agent.contracts = [(f"{agent.number}-1", dt.date(self.year, 9, 1), dt.date(self.year + 1, 8, 31))]
        elif chance.random() < LEAVE_SHARE:
            agent.leaves = [("CONGE PARENTAL", dt.date(self.year, 9, 15), dt.date(self.year + 1, 2, 28))]
