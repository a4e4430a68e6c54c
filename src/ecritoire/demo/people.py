"""Who works in the académie de Valmont. Everybody is invented, and so are the schools (department 099 does not exist)."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from ecritoire.common.roles import Role
from ecritoire.directory.uai import check_letter

SEED = 20_260_901


@dataclass(frozen=True)
class School:
    uai: str
    name: str
    kind: str
    city: str


@dataclass(frozen=True)
class Someone:
    """``state``: activated, newcomer, expired, waiting or suspended. ``mail``: how many messages their mailbox holds."""

    number: str
    title: str
    given_name: str
    family_name: str
    category: str
    school: int
    function: str
    role: Role | None = None
    state: str = "activated"
    mail: int = 25
    ends_in_days: int | None = None
    has_private_email: bool = True


def uai_of(rank: int, department: str = "099") -> str:
    digits = f"{department}{rank:04d}"
    return digits + check_letter(digits)


SCHOOLS = [
    School(uai_of(rank), name, kind, city)
    for rank, (name, kind, city) in enumerate(
        [
            ("Rectorat de l'académie de Valmont", "service", "Valmont"),
            ("DSDEN de la Brenelle", "service", "Brenelle-sur-Orne"),
            ("Collège Jeanne-Barret", "college", "Valmont"),
            ("Collège Émilie-du-Châtelet", "college", "Saint-Aubin-des-Prés"),
            ("Collège des Trois-Rivières", "college", "Montclair"),
            ("Lycée Sophie-Germain", "lycee", "Valmont"),
            ("Lycée Nicolas-Appert", "lycee", "Brenelle-sur-Orne"),
            ("Lycée professionnel Marie-Marvingt", "lycee professionnel", "Montclair"),
            ("École du Vieux-Moulin", "ecole", "Valmont"),
            ("École Suzanne-Buisson", "ecole", "Saint-Aubin-des-Prés"),
            ("École des Tilleuls", "ecole", "Montclair"),
            ("École de la Garenne", "ecole", "La Garenne-le-Haut"),
        ],
        start=101,
    )
]

SECRETARY = "V0021"
A, T, C, X = "administratif", "enseignant", "contractuel", "intervenant"
NAMED = [
    Someone("V0001", "mme", "Hélène", "Carpentier", A, 0, "Ingénieure système", Role.ADMINISTRATOR, mail=60),
    Someone("V0002", "m", "Marc", "Ollivier", A, 0, "Responsable de la sécurité", Role.SECURITY, mail=40),
    Someone("V0003", "mme", "Nadia", "Benali", A, 0, "Technicienne d'assistance", Role.SUPPORT, mail=80),
    Someone("V0004", "m", "Thierry", "Vasseur", T, 0, "Conseiller pédagogique numérique", Role.SPECIALIST, mail=40),
    Someone("V0005", "mme", "Léa", "Fontaine", A, 0, "Chargée de communication", Role.COMMUNICATION, mail=40),
    Someone("V0006", "m", "Karim", "Delattre", T, 2, "Professeur de technologie", Role.LOCAL_CONTACT, mail=80),
    Someone("V0007", "mme", "Sophie", "Lemaire", A, 2, "Principale", Role.AGENT, mail=3000),
    Someone("V0008", "m", "Julien", "Moreau", T, 5, "Professeur de mathématiques", mail=150),
    Someone("V0009", "mme", "Inès", "Baudouin", X, 5, "Intervenante théâtre", Role.EXTERNAL, ends_in_days=60),
    Someone("V0010", "mme", "Camille", "Roussel", T, 2, "Professeure d'anglais", state="newcomer", mail=4),
    Someone("V0011", "m", "Bruno", "Petit", C, 6, "Assistant d'éducation", state="expired", mail=2),
    Someone("V0012", "m", "Alain", "Girard", T, 6, "Professeur d'histoire-géographie", state="suspended"),
    Someone("V0013", "mme", "Manon", "Leroy", C, 3, "Accompagnante d'élèves (AESH)", ends_in_days=20),
    Someone("V0014", "mme", "Marie", "Dupont", T, 8, "Directrice d'école"),
    Someone("V0015", "mme", "Marie", "Dupont", T, 4, "Professeure documentaliste"),
    Someone("V0016", "mme", "Marie", "Dupont", A, 1, "Gestionnaire", state="waiting"),
    Someone("V0017", "m", "Jean-Baptiste", "de La Tour d'Aubigné", T, 5, "Professeur de philosophie"),
    Someone("V0018", "mme", "Zoé", "Œuvrard-Lefèvre", T, 9, "Professeure des écoles"),
    Someone("V0019", "m", "Łukasz", "Wójcik", C, 7, "Professeur de mécanique", ends_in_days=200),
    Someone("V0020", "m", "François", "N'Guyen", T, 3, "Professeur d'EPS"),
    Someone("V0021", "mme", "Odile", "Perrault", A, 2, "Secrétaire de direction"),
]
GIVEN = {
    "mme": [
        "Anne",
        "Claire",
        "Élodie",
        "Fatima",
        "Isabelle",
        "Jeanne",
        "Laure",
        "Mathilde",
        "Nathalie",
        "Océane",
        "Pauline",
        "Sandrine",
        "Valérie",
        "Yasmine",
    ],
    "m": [
        "Antoine",
        "Benoît",
        "Cédric",
        "David",
        "Éric",
        "Grégory",
        "Hugo",
        "Jérôme",
        "Loïc",
        "Mehdi",
        "Nicolas",
        "Olivier",
        "Rémi",
        "Sébastien",
    ],
}
FAMILY = [
    "Aubert",
    "Barbier",
    "Caron",
    "Chevallier",
    "Colin",
    "Denis",
    "Dumas",
    "Étienne",
    "Faure",
    "Gauthier",
    "Guérin",
    "Hamel",
    "Jacquet",
    "Lacroix",
    "Langlois",
    "Legrand",
    "Marchand",
    "Meunier",
    "Noël",
    "Perrin",
    "Poirier",
    "Renard",
    "Robin",
    "Schmitt",
    "Texier",
    "Vidal",
    "Weber",
    "Ziani",
]
FUNCTIONS = {
    "service": (A, ["Gestionnaire", "Chef de bureau", "Secrétaire"]),
    "ecole": (T, ["Professeur des écoles", "Professeure des écoles"]),
    "college": (T, ["Professeur de français", "Professeur de SVT", "CPE", "Professeur de musique"]),
    "lycee": (T, ["Professeur de physique-chimie", "Professeur d'allemand", "Proviseur adjoint"]),
    "lycee professionnel": (T, ["Professeur d'électrotechnique", "Professeur de lettres-histoire"]),
}


def everyone() -> list[Someone]:
    """The named people, then some forty colleagues, the same at each call."""
    chance = random.Random(SEED)
    others = []
    for rank in range(42):
        school = rank % len(SCHOOLS)
        category, functions = FUNCTIONS[SCHOOLS[school].kind]
        title = chance.choice(["mme", "m"])
        state = "waiting" if rank % 6 == 5 else "activated"
        given, family = chance.choice(GIVEN[title]), FAMILY[rank % len(FAMILY)]
        others.append(
            Someone(
                f"V{rank + 101:04d}",
                title,
                given,
                family,
                category,
                school,
                chance.choice(functions),
                state=state,
                mail=0,
            )
        )
    return NAMED + others


def staff_csv(today: dt.date, people: list[Someone] | None = None, schools: list[School] | None = None) -> bytes:
    """The HR file of the académie, or of some people, in the documented format."""
    header = "matricule;civilite;nom;prenom;date_naissance;categorie;uai;fonction;date_debut;date_fin;courriel_prive"
    return "\r\n".join(
        [header, *(_line(person, today, schools or SCHOOLS) for person in people or everyone()), ""]
    ).encode()


def _line(person: Someone, today: dt.date, schools: list[School]) -> str:
    chance = random.Random(person.number)
    birth = dt.date(1965, 1, 1) + dt.timedelta(days=chance.randrange(12_000))
    start = dt.date(today.year - (today.month < 9), 9, 1)
    end = today + dt.timedelta(days=person.ends_in_days) if person.ends_in_days else None
    private = f"{person.number.lower()}@courriel-prive.test" if person.has_private_email else ""
    cells = [person.number, person.title, person.family_name, person.given_name, f"{birth:%d/%m/%Y}", person.category]
    cells += [
        schools[person.school].uai,
        person.function,
        f"{start:%d/%m/%Y}",
        f"{end:%d/%m/%Y}" if end else "",
        private,
    ]
    return ";".join(cells)


def structures_csv(schools: list[School] | None = None) -> bytes:
    lines = [f"{school.uai};{school.name};{school.kind};{school.city}" for school in schools or SCHOOLS]
    return "\r\n".join(["uai;nom;type;ville", *lines, ""]).encode()
