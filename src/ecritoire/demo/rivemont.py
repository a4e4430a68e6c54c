"""A second, small académie, and somebody who looks after the installation. Everybody is invented (department 098 does not exist).

Its people share nothing with Valmont's but what chance may: an employee number, a name.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.common.roles import Role
from ecritoire.directory.models import Organisation
from ecritoire.directory.services import academy_save, feed_apply, organisation_ensure, structures_apply

from .people import A, C, School, Someone, T, staff_csv, structures_csv, uai_of

DOMAIN, HOST = "ac-rivemont.test", "rivemont.localhost"
DESCRIBED = {
    "name": "Académie de Rivemont",
    "short_name": "Rivemont",
    "host": HOST,
    "theme": Organisation.Theme.NEUTRAL,
    "accent": "#7a1f5c",
    "accent_dark": "#e79ccb",
    "siret": "98000000000017",
    "support_phone": "09 00 00 00 98",
    "support_hours": "du lundi au vendredi, 8 h – 18 h",
    "dsi_address": "Rectorat de Rivemont\nDSI, 2 quai des Tanneurs\n98000 Rivemont",
    "more_domains": ["rivemont-academie.test"],
}
SCHOOLS = [
    School(uai_of(rank, "098"), name, kind, city)
    for rank, (name, kind, city) in enumerate(
        [
            ("Rectorat de l'académie de Rivemont", "service", "Rivemont"),
            ("Collège Ada-Lovelace", "college", "Rivemont"),
            ("Lycée du Grand-Port", "lycee", "Port-Léonard"),
        ],
        start=11,
    )
]
NAMED = [
    Someone("R0001", "mme", "Agathe", "Kermorgant", A, 0, "Responsable du système", Role.ADMINISTRATOR, mail=12),
    Someone("R0002", "m", "Basile", "Roche", A, 0, "Responsable de la sécurité", Role.SECURITY, mail=4),
    Someone("R0003", "mme", "Clotilde", "Navarro", A, 0, "Technicienne d'assistance", Role.SUPPORT, mail=4),
    Someone("R0004", "m", "Désiré", "Quemener", T, 1, "Professeur de technologie", Role.LOCAL_CONTACT, mail=4),
    Someone("R0005", "mme", "Eulalie", "Sabatier", T, 2, "Professeure de physique", mail=20),
]
OTHERS = [
    Someone("V0014", "mme", "Marie", "Dupont", T, 1, "Professeure de français", mail=0),
    Someone("V0008", "m", "Fulgence", "Moreau", T, 2, "Professeur de mathématiques", mail=0),
    Someone("R0008", "mme", "Honorine", "Jaouen", A, 2, "Gestionnaire", state="waiting", mail=0),
    Someone("R0009", "m", "Isidore", "Kervella", C, 1, "Assistant d'éducation", state="waiting", mail=0),
    Someone("R0010", "mme", "Joséphine", "Le Bihan", T, 1, "Professeure de SVT", mail=0),
    Someone("R0011", "m", "Lazare", "Penn", T, 2, "Professeur d'histoire-géographie", mail=0),
    Someone("R0012", "mme", "Ludivine", "Ollivier", A, 0, "Secrétaire", mail=0),
]
KEEPER = Someone("V0099", "m", "Gaspard", "Thévenin", A, 0, "Ingénieur d'exploitation", Role.PLATFORM, mail=0)


def rivemont_make() -> list[tuple[Someone, Account]]:
    """The académie and its accounts, each with who it is; nothing when it is there already."""
    if Organisation.objects.filter(mail_domain=DOMAIN).exists():
        return []
    with transaction.atomic():
        academy, _made = academy_save(mail_domain=DOMAIN, values=DESCRIBED, acting_user=None)
        _feed(academy, [*NAMED, *OTHERS], SCHOOLS, structures_csv(SCHOOLS))
        _feed(organisation_ensure(), [KEEPER], None, None)
    return [*_accounts(academy, [*NAMED, *OTHERS]), *_accounts(organisation_ensure(), [KEEPER])]


def _feed(academy: Organisation, people: list[Someone], schools: list[School] | None, structures: bytes | None) -> None:
    known: dict[str, Any] = {"dry_run": False, "acting_user": None, "organisation": academy}
    if structures:
        structures_apply(content=structures, file_name="structures.csv", **known)
    content = staff_csv(timezone.localdate(), people, schools)
    report = feed_apply(content=content, file_name="rh.csv", **known)
    if report.faults:
        raise ValueError(f"the demonstration's feed is at fault: {report.faults[0]}")


def _accounts(academy: Organisation, people: list[Someone]) -> list[tuple[Someone, Account]]:
    rows = Account.objects.filter(person__organisation=academy).select_related("person__organisation")
    accounts = {account.person.employee_number: account for account in rows}
    return [(someone, accounts[someone.number]) for someone in people]
