"""Staff files to try an import with: seeded, and with faults one knows of."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ecritoire.directory.uai import LETTERS, check_letter

from .staff import COLUMNS

GIVEN = [
    "Zoé",
    "François",
    "Noël",
    "Gaëlle",
    "Jean-Baptiste",
    "Anne-Sophie",
    "Hélène",
    "Loïc",
    "Inès",
    "Maëva",
    "Thérèse",
    "Rémi",
    "Aïcha",
    "Benoît",
    "Chloé",
    "Émile",
]
FAMILY = [
    "Dupont",
    "Durand",
    "Lefèvre",
    "de La Fontaine",
    "d'Artagnan",
    "N'Guyen",
    "Œuvrard",
    "Müller",
    "Le Goff",
    "Saint-Martin",
    "Béranger",
    "Çelik",
    "Peña",
    "O'Brien",
    "Ferré",
    "Haÿ",
]
CATEGORIES = ["enseignant", "administratif", "contractuel", "intervenant"]
FAULTS = {
    "uai": "the UAI's letter does not answer its digits",
    "date": "a date that does not exist",
    "order": "an end before its start",
    "name": "no family name",
    "category": "an unknown category",
    "duplicate": "a line that is there twice",
    "identity": "one employee number for two people",
    "email": "no e-mail address",
}


@dataclass(frozen=True)
class Generated:
    """``planted``: (line, kind of fault), lines counted with the header."""

    staff: bytes
    structures: bytes
    planted: list[tuple[int, str]]


def generate(*, rows: int, seed: int, faults: bool, encoding: str = "utf-8") -> Generated:
    """A file of ``rows`` assignments in forty schools; one row in a hundred at fault when ``faults``."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    schools = [f"098{rank:04d}{check_letter(f'098{rank:04d}')}" for rank in range(1, 41)]
    lines = [_line(chance, rank, schools) for rank in range(rows)]
    planted = [_plant(chance, lines, rank) for rank in range(50, rows, 100)] if faults else []
    text = "\r\n".join([";".join(COLUMNS), *(";".join(cells) for cells in lines), ""])
    names = [f"{uai};École n° {rank};ecole;Ville-{rank}" for rank, uai in enumerate(schools, 1)]
    structures = "\r\n".join(["uai;nom;type;ville", *names, ""])
    return Generated(text.encode(encoding), structures.encode(encoding), planted)


def _line(chance: random.Random, rank: int, schools: list[str]) -> list[str]:
    birth = f"{chance.randint(1, 28):02d}/{chance.randint(1, 12):02d}/{chance.randint(1960, 2002)}"
    who = [f"G{rank:06d}", chance.choice(["m", "mme"]), chance.choice(FAMILY), chance.choice(GIVEN), birth]
    where = [chance.choice(CATEGORIES), chance.choice(schools), "Professeur"]
    return [*who, *where, "01/09/2026", chance.choice(["", "31/08/2027"]), f"g{rank}@maison.test"]


def _plant(chance: random.Random, lines: list[list[str]], rank: int) -> tuple[int, str]:
    kind = chance.choice(list(FAULTS))
    cells, column = lines[rank], COLUMNS.index
    if kind == "duplicate":
        lines[rank] = list(lines[rank - 1])
    elif kind == "identity":
        cells[column("matricule")], cells[column("nom")] = lines[rank - 1][0], "Tout-Autre"
    elif kind == "uai":
        right = cells[column("uai")]
        cells[column("uai")] = right[:7] + LETTERS[(LETTERS.index(right[7]) + 1) % len(LETTERS)]
    else:
        wrong = {
            "date": ("date_naissance", "31/02/1980"),
            "order": ("date_fin", "01/01/2026"),
            "name": ("nom", ""),
            "category": ("categorie", "stagiaire-x"),
            "email": ("courriel_prive", "pas une adresse"),
        }
        name, value = wrong[kind]
        cells[column(name)] = value
    return rank + 2, kind
